package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;

/** Whether a YAML whose keys ms-swift does not all know is one of its own. */
class StrangeKeysTest {

  @Test
  void a_slip_in_a_short_file_is_said_with_the_key_that_was_meant() {
    Reading reading = of("a.yaml", "model: a/b\ntuner_type: lora\nlora_rnk: 8\n");

    assertThat(reading.format()).isEqualTo(FormatName.MS_SWIFT);
    assertThat(reading.findings())
        .anyMatch(
            finding ->
                finding.code() == FindingCode.MISSPELT_KEY
                    && finding.message().toString().contains("Did you mean 'lora_rank'?"));
  }

  @Test
  void a_file_of_another_tool_is_not_read_as_one() {
    String other =
        "model: a/b\ntarget_modules: [q_proj]\nadapter_size: 8\nrows_each: 2\nwindow: 64\n";

    assertThatThrownBy(() -> of("a.yaml", other)).isInstanceOf(InputException.class);
    assertThat(of("a.yaml", other.replaceAll("(?m)^window.*\n", "")).format())
        .isEqualTo(FormatName.MS_SWIFT);
  }
}
