package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options whose value is JSON. */
class JsonOptionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swift sft --model a/b --max_length 64",
        "trl sft --model_name_or_path a/b --max_length 64"
      })
  void how_checkpoints_are_made_is_read_from_it(String command) {
    String option = " --gradient_checkpointing_kwargs '{\"use_reentrant\": %s}'";

    assertThat(checkpoints(command + option.formatted("false"))).isEqualTo(false);
    assertThat(checkpoints(command + option.formatted("true"))).isEqualTo(true);
  }

  private static Object checkpoints(String command) {
    return values(of("run.sh", command)).get("checkpointing_reentrant");
  }

  @Test
  void text_that_is_no_json_says_nothing() {
    assertThat(values(of("run.sh", "swift sft --model a/b --gradient_checkpointing_kwargs '{\"u'")))
        .doesNotContainKey("checkpointing_reentrant");
  }
}
