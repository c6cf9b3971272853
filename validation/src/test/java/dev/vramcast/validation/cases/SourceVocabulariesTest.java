package dev.vramcast.validation.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceVocabulariesTest {

  private final SourceVocabularies vocabularies =
      SourceVocabularies.of(List.of("# a comment", "owner/name runs/\t32000\t32001\tits trainer"));

  private static Map<String, Object> job(long words) {
    return Map.of(
        "method", "full", "model", Map.of("dtype", "bf16", "config", Map.of("vocab_size", words)));
  }

  @Test
  void a_job_of_the_source_has_the_words_of_its_run() {
    assertThat(vocabularies.extend("owner/name runs/a.csv row 1", job(32000)))
        .isEqualTo(job(32001));
  }

  @Test
  void other_sources_and_other_vocabularies_stay_as_they_are() {
    assertThat(vocabularies.extend("owner/name docs/a.md", job(32000))).isEqualTo(job(32000));
    assertThat(vocabularies.extend("owner/name runs/a.csv", job(32001))).isEqualTo(job(32001));
    assertThat(vocabularies.extend("owner/name runs/a.csv", Map.of("method", "full")))
        .isEqualTo(Map.of("method", "full"));
  }

  @Test
  void those_that_are_shipped_grow() {
    assertThat(SourceVocabularies.shipped().all()).isNotEmpty();
    SourceVocabularies.shipped()
        .all()
        .forEach(e -> assertThat(e.after()).isGreaterThan(e.before()));
  }
}
