package dev.vramcast.answers.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.model.ModelCatalog;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsReportTest {

  private static List<String> found(String search) {
    ModelsReport report = ModelsReport.of(ModelCatalog.embedded(), Optional.of(search));
    return ((ModelsRecord) report.record())
        .models().stream().map(ModelsRecord.Entry::name).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "llama 3, codellama-34b",
    "3b, ernie-4.5-0.3b",
    "8b, exaone-3.5-7.8b",
    "llama 3, llama-2-13b"
  })
  void a_number_that_is_searched_for_is_a_whole_one(String search, String other) {
    assertThat(found(search)).isNotEmpty().doesNotContain(other);
  }

  @Test
  void those_whose_names_begin_with_the_words_come_first() {
    assertThat(found("qwen 3")).first().asString().startsWith("qwen3");
    assertThat(found("llama 3")).first().asString().startsWith("llama-3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void a_blank_search_finds_all(String search) {
    assertThat(found(search)).hasSizeGreaterThan(100).contains("gpt2", "llama-3.1-8b");
  }
}
