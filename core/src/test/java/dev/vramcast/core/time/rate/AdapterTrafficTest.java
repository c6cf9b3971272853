package dev.vramcast.core.time.rate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.time.Times;
import dev.vramcast.core.time.work.ModelProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterTrafficTest {

  /** Two layers' key projections of 1,024 to 256, 10 tokens, 2 bytes. */
  @ParameterizedTest
  @CsvSource({
    "--framework axolotl, 6, 10",
    "--framework torchtune, 6, 10",
    "--framework torchtitan --compile true, 6, 8",
    "--framework unsloth, 5, 5",
    "--framework megatron --strategy megatron --count 2, 6, 10",
    "--framework llmq, 5, 5",
    "--framework axolotl --dropout 0.1, 10, 10",
  })
  void adapters_read_and_write_inputs_and_outputs_of_projections(
      String flags, double in, double out) {
    double bytes = bytes("--method lora --targets k_proj " + flags, 0, 1);

    assertThat(bytes).isEqualTo(2 * 2 * 10 * (in * 1024 + out * 256));
  }

  @Test
  void a_forward_pass_that_runs_again_moves_its_part_again() {
    double forward = bytes("--method lora --targets k_proj", 1, 1);

    assertThat(forward).isEqualTo(2 * 2 * 10 * (7 * 1024 + 16 * 256));
  }

  @ParameterizedTest
  @CsvSource({"--method full", "--method ia3"})
  void without_low_rank_adapters_there_is_none(String flags) {
    assertThat(bytes(flags, 0, 1)).isZero();
  }

  private static double bytes(String flags, double again, double visited) {
    return AdapterTraffic.bytes(
        Times.job(flags), ModelProfile.of(Times.llama()).targets(), 10, again, visited);
  }
}
