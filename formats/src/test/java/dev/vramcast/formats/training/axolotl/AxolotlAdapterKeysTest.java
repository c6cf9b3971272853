package dev.vramcast.formats.training.axolotl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static dev.vramcast.formats.training.axolotl.AxolotlReaderTest.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Axolotl's files say of adapters of experts. */
class AxolotlAdapterKeysTest {

  @Test
  void experts_in_fp8_stop_at_scattermoe() {
    String file = "adapter: lora~lora_r: 8~lora_alpha: 8~use_scattermoe: true~base_model: ";

    assertThat(with(file + "MiniMaxAI/MiniMax-M2").unreadable().get(JobKey.QUANTIZATION_SCHEME))
        .asString()
        .contains("experts in fp8 stop at it");
    assertThat(keys(with(file + "MiniMaxAI/MiniMax-M2"), FindingCode.REFUSED))
        .contains("use_scattermoe");
    assertThat(with(file + "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B").notModelled()).isEmpty();
  }

  @Test
  void kernels_of_experts_exclude_each_other() {
    String file = "adapter: lora~lora_r: 8~lora_alpha: 8~use_scattermoe: true~";

    assertThat(keys(with(file + "use_sonicmoe: true"), FindingCode.REFUSED))
        .contains("use_scattermoe");
    assertThat(keys(with(file + "use_sonicmoe: false"), FindingCode.REFUSED))
        .doesNotContain("use_scattermoe");
    assertThat(keys(with(file), FindingCode.NOT_COUNTED)).contains("use_scattermoe");
  }

  @Test
  void the_grouped_product_that_is_modelled_is_named() {
    String file =
        "adapter: lora~lora_r: 8~lora_alpha: 8~base_model: nvidia/Qwen3-30B-A3B-NVFP4~"
            + "use_scattermoe: true~dsv4_fp4_grouped_mode: nvfp4~moe_grouped_backend: cutlass";

    assertThatThrownBy(() -> with(file).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("moe_grouped_backend auto or marlin");
  }

  @Test
  void parameters_of_all_layers_are_targets_and_those_of_one_are_not_counted() {
    String adapter = "adapter: lora~lora_r: 8~lora_alpha: 8~lora_target_modules: [q_proj]~";

    assertThat(
            value(
                with(adapter + "lora_target_parameters: [mlp.experts.down_proj]"),
                JobKey.TARGET_PARAMETERS))
        .isEqualTo(List.of("mlp.experts.down_proj"));
    assertThat(
            keys(
                with(adapter + "lora_target_parameters: [7.mlp.experts.down_proj]"),
                FindingCode.NOT_COUNTED))
        .contains("lora_target_parameters");
  }

  @Test
  void fsdp_hands_over_what_state_dict_type_says_and_peft_writes_adapters() {
    String shards = "fsdp_version: 2~fsdp_config:~  state_dict_type: SHARDED_STATE_DICT~";

    assertThat(values(AxolotlReaderTest.with(shards)))
        .containsEntry("saving.state_dict", "sharded");
    assertThat(values(AxolotlReaderTest.with(shards + "adapter: lora~")))
        .doesNotContainKey("saving.state_dict");
  }
}
