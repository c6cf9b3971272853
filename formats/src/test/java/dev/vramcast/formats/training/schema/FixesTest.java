package dev.vramcast.formats.training.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;

class FixesTest {

  private static final List<String> SWIFT =
      List.of("swift sft \\", "  --model a/b \\", "  --train-type lora \\", "  --max_lenght 1024");

  @Test
  void renamed_and_misspelt_keys_get_their_names() {
    List<String> yaml =
        List.of("base_model: a/b", "datasets: [{path: a}]", "micro_batch_sise: 1 # rows");

    assertThat(Fixes.of(Readings.of("a.yaml", String.join("\n", yaml)), yaml))
        .containsExactly("base_model: a/b", "datasets: [{path: a}]", "micro_batch_size: 1 # rows");
    assertThat(Fixes.of(Readings.of("a.sh", String.join("\n", SWIFT)), SWIFT))
        .contains("  --tuner_type lora \\", "  --max_length 1024");
  }

  @Test
  void what_nothing_is_wrong_with_stays() {
    List<String> yaml = List.of("base_model: a/b", "datasets: [{path: a}]", "micro_batch_size: 1");

    assertThat(Fixes.of(Readings.of("a.yaml", String.join("\n", yaml)), yaml)).isEqualTo(yaml);
  }

  @Test
  void a_difference_is_one_that_patch_takes() {
    List<String> before = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
    List<String> after = List.of("a", "B", "c", "d", "e", "f", "g", "h", "i", "j", "k", "L");

    assertThat(LineDiff.of("x", before, before)).isEmpty();
    assertThat(LineDiff.of("x", before, after))
        .containsExactly(
            "--- x",
            "+++ x",
            "@@ -1,5 +1,5 @@",
            " a",
            "-b",
            "+B",
            " c",
            " d",
            " e",
            "@@ -9,4 +9,4 @@",
            " i",
            " j",
            " k",
            "-l",
            "+L");
  }
}
