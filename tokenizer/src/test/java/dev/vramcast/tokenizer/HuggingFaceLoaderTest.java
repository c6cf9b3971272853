package dev.vramcast.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.data.TokenCounter;
import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.dataset.TokenizerLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class HuggingFaceLoaderTest {

  /** Merges a, b and c; cuts at 3 tokens, pads to 16 and begins with a mark if one lets it. */
  private static final Path TOY = Path.of("src/test/resources/tokenizer.json");

  @TempDir private Path folder;

  @Test
  void tokens_are_those_of_the_merges_without_cutting_padding_and_marks() {
    try (TokenCounter counter = new HuggingFaceLoader().load(TOY)) {
      check(counter);
    }
  }

  private static void check(TokenCounter counter) {
    assertThat(counter.count("abc")).isEqualTo(1);
    assertThat(counter.count("abc ab a cb")).isEqualTo(5);
    assertThat(counter.count("abc ".repeat(100))).isEqualTo(100);
    assertThat(counter.count("xyz")).isEqualTo(3);
    assertThat(counter.count("")).isZero();
    assertThat(counter.count("a\u0000\ud83d\ude00\ud83d")).isPositive();
  }

  @Test
  void it_is_found_as_a_service() {
    assertThat(ServiceLoader.load(TokenizerLoader.class))
        .hasSize(1)
        .first()
        .isInstanceOf(HuggingFaceLoader.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"model\": {\"type\": \"BPE\"}}",
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": -1}, \"merges\": [[\"a\", \"z\"]]}}",
        "\u0000",
        // The library aborts its process at this one.
        "{\"decoder\":[1",
      })
  void what_is_no_tokenizer_is_refused_in_one_line(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), content);

    assertThatThrownBy(() -> new HuggingFaceLoader().load(file))
        .isInstanceOf(InputException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"))
        .hasMessageContaining("tokenizer.json: not a tokenizer.json: ");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_file_that_fails_while_it_is_read_is_named() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.createSymbolicLink(file, Path.of("/proc/self/mem"));

    assertThatThrownBy(() -> new HuggingFaceLoader().load(file))
        .isInstanceOf(InputException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1))
        .hasMessageContaining("tokenizer.json: ")
        .hasMessageContaining("Input/output error");
  }

  @Test
  void deep_nesting_is_refused() throws IOException {
    Path file =
        Files.writeString(folder.resolve("tokenizer.json"), "{\"a\":" + "[".repeat(1_000_000));

    assertThatThrownBy(() -> new HuggingFaceLoader().load(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not a tokenizer.json");
  }

  @Test
  void a_path_that_leads_to_no_file_is_refused() {
    assertThatThrownBy(() -> new HuggingFaceLoader().load(folder))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(": is no file, allowed: a tokenizer.json");
    assertThatThrownBy(() -> new HuggingFaceLoader().load(folder.resolve("none.json")))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("none.json: no such file");
  }
}
