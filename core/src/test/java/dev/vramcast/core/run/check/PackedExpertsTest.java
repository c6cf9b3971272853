package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.step.StoredWeights;
import dev.vramcast.core.trace.Category;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackedExpertsTest {

  private static final String STACKS =
      " --targets '' --target-parameters mlp.experts.gate_up_proj,mlp.experts.down_proj";

  private static final String PACKED =
      "--framework axolotl --transformers 5.24.0 --quantization nvfp4 --quantize-experts true";

  private static Architecture model(String activation) {
    return Estimates.model(
        "qwen3_moe",
        Map.of(
            "num_experts", 8,
            "num_experts_per_tok", 2,
            "moe_intermediate_size", 512,
            "head_dim", 64,
            "hidden_act", activation));
  }

  @Test
  void packed_experts_take_four_bits_a_scale_of_sixteen_and_one_of_a_matrix() {
    Architecture model = model("silu");
    long experts = 2L * 8 * 3 * 512 * 1024;
    long packed = StoredWeights.bytes(model, Estimates.job(PACKED + STACKS));
    long plain = StoredWeights.bytes(model, Estimates.job("--framework axolotl"));

    assertThat(plain - packed).isEqualTo(2 * experts - experts / 2 - experts / 16);
    RankEstimate estimate = Estimates.of(model, PACKED + STACKS);
    assertThat(estimate.allocatedBytes())
        .isLessThan(
            Estimates.of(model, "--framework axolotl --transformers 5.24.0" + STACKS)
                .allocatedBytes());
  }

  @ParameterizedTest
  @CsvSource({
    "--framework trl, under framework.name trl",
    "--quantization-implementation torchao, of model.quantization.implementation torchao",
    "--quantize-experts false, of linears",
    "--method dora, with method dora",
    "--strategy fsdp2 --count 2, under fsdp2",
    "--model-dtype fp32, beside weights that are not bf16",
    "--compile true, with torch.compile",
  })
  void what_is_not_described_of_them_is_said(String flags, String gap) {
    assertThatThrownBy(() -> Estimates.of(model("silu"), PACKED + STACKS + " " + flags))
        .hasMessageContaining("model.quantization.scheme nvfp4")
        .hasMessageContaining(gap)
        .hasMessageContaining("not modelled");
  }

  /**
   * axolotl scattermoe_lora/marlin_w4a16/backend.py _cached_prep: of 2 layers with 8 experts of 3 x
   * 512 x 1024, scales of 16 numbers a second time and one of each of 4 stacks' matrices.
   */
  @Test
  void products_that_read_them_packed_have_scales_of_their_own() {
    Architecture model = model("silu");
    String grouped = " --quantization-implementation scattermoe-marlin";
    long scales = 2L * 8 * 3 * 512 * 1024 / 16;
    long ofMatrices = 4L * 8 * 4;

    assertThat(weights(model, PACKED + STACKS + grouped) - weights(model, PACKED + STACKS))
        .isBetween(scales + ofMatrices, scales + 4 * 512);
    assertThat(Estimates.of(model, PACKED + STACKS + grouped).allocatedBytes())
        .isLessThan(Estimates.of(model, PACKED + STACKS).allocatedBytes());
  }

  private static long weights(Architecture model, String flags) {
    return Estimates.of(model, flags).breakdown().get(Category.WEIGHTS);
  }

  @ParameterizedTest
  @CsvSource({"--strategy ddp --count 2, under ddp", "--strategy fsdp2 --count 2, under fsdp2"})
  void ranks_that_lay_them_out_for_each_pass_are_not_modelled(String flags, String gap) {
    String grouped = " --quantization-implementation scattermoe-marlin ";

    assertThatThrownBy(() -> Estimates.of(model("silu"), PACKED + STACKS + grouped + flags))
        .hasMessageContaining("model.quantization.scheme nvfp4 " + gap);
  }

  @Test
  void stacks_of_which_one_has_no_adapter_are_made_whole_and_not_modelled() {
    String one = " --targets '' --target-parameters mlp.experts.down_proj";
    String grouped = " --quantization-implementation scattermoe-marlin";

    assertThatThrownBy(() -> Estimates.of(model("silu"), PACKED + one + grouped))
        .hasMessageContaining("model.quantization.experts of a qwen3_moe is not modelled");
  }

  @Test
  void experts_of_another_kind_are_not_modelled() {
    assertThatThrownBy(() -> Estimates.of(model("gelu"), PACKED + STACKS))
        .hasMessageContaining("model.quantization.experts of a qwen3_moe is not modelled");
    assertThatThrownBy(() -> Estimates.of(Estimates.llama(false), PACKED))
        .hasMessageContaining("model.quantization.experts of a llama is not modelled");
  }
}
