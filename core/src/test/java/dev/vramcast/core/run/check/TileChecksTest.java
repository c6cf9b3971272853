package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileChecksTest {

  private static long peak(String flags) {
    return Estimates.of(Estimates.llama(false), flags).allocatedBytes();
  }

  @Test
  void pieces_of_an_mlp_take_less_the_more_there_are() {
    String full = "--method full --sequence-length 4096 --loss liger";

    assertThat(peak(full + " --tiled-mlp true --mlp-tiles 4")).isLessThan(peak(full));
    assertThat(peak(full + " --tiled-mlp true --mlp-tiles 4"))
        .isLessThan(peak(full + " --tiled-mlp true --mlp-tiles 1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--framework llama-factory | tiled_mlp under framework.name llama-factory",
        "--framework axolotl --framework-version 0.16.0 | tiled_mlp under framework.name axolotl",
        "--count 2 --strategy ddp | tiled_mlp under ddp",
        "--compile true | tiled_mlp with torch.compile",
        "--stage dpo --framework trl | tiled_mlp of a stage that is not supervised",
      })
  void what_is_not_described_is_not_modelled(String flags, String message) {
    assertThatThrownBy(() -> peak(flags + " --tiled-mlp true"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--count 2 --strategy fsdp2",
        "--count 2 --strategy zero2",
        "--count 2 --strategy zero3",
        "--framework axolotl --count 2 --strategy zero3"
      })
  void strategies_whose_code_waits_for_the_last_piece_are(String flags) {
    assertThat(peak(flags + " --method full --tiled-mlp true --mlp-tiles 4")).isPositive();
  }

  @Test
  void axolotls_function_frees_what_attention_needs_under_fsdp2() {
    assertThatThrownBy(
            () -> peak("--framework axolotl --count 2 --strategy fsdp2 --tiled-mlp true"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "tiled_mlp is true, but the function of framework.name axolotl frees the weights of"
                + " the layer under parallelism.strategy fsdp2 before attention has its backward"
                + " pass, allowed: zero1, zero2 or zero3, or tiled_mlp false");
  }

  @Test
  void adapters_that_no_gradient_would_reach_are_refused() {
    String flags = "--method lora --targets down_proj --tiled-mlp true --checkpointing ";

    assertThat(peak(flags + "full")).isPositive();
    assertThatThrownBy(() -> peak(flags + "none"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("tiled_mlp is true, but lora.targets has MLPs alone");
  }

  @Test
  void more_pieces_than_tokens_are_refused() {
    assertThatThrownBy(() -> peak("--sequence-length 512 --tiled-mlp true --mlp-tiles 513"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "mlp_tiles is 513, but batch.sequence_length leaves 512 tokens to a rank, allowed:"
                + " 1 to 512");
  }
}
