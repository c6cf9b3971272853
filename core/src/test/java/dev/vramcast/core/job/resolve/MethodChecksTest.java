package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodChecksTest {

  private static final String LENGTH = "--sequence-length 512 ";

  private static final String FP16 =
      "--framework transformers --model-dtype fp16 --precision fp16-mixed";

  @ParameterizedTest
  @ValueSource(strings = {"full", "freeze", "galore"})
  void a_quantised_base_cannot_be_trained_itself(String method) {
    assertThatThrownBy(() -> Jobs.resolve(LENGTH + "--quantization nf4 --method " + method))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--quantization: model.quantization.scheme is nf4, but method "
                + method
                + " trains the weights themselves and quantised ones have no gradient,"
                + " allowed: none, or method lora, qlora, dora, rslora, pissa, oft, ia3,"
                + " vera, loha, lokr, miss");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "int8", "gptq-int4", "fp8"})
  void qlora_needs_a_four_bit_base(String scheme) {
    assertThatThrownBy(() -> Jobs.resolve(LENGTH + "--method qlora --quantization " + scheme))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--quantization: model.quantization.scheme is " + scheme)
        .hasMessageEndingWith("allowed: nf4, fp4, or method lora");
  }

  @Test
  void qlora_is_lora_on_nf4() {
    ResolvedJob job = Jobs.resolve(LENGTH + "--method qlora").job();
    assertThat(job.quantization()).isEqualTo(Quantization.of(QuantizationScheme.NF4));
    assertThat(job.adapter()).isPresent();
  }

  @Test
  void which_layers_are_trained_is_ignored_with_a_warning_where_no_layers_are_frozen() {
    Resolution resolution =
        Jobs.resolve(LENGTH + "--method lora --trainable-layers 3 --trainable-place first");
    assertThat(resolution.warnings())
        .extracting(Notice::toString)
        .containsExactly(
            "--trainable-layers: trainable_layers is ignored: method is lora",
            "--trainable-place: trainable_place is ignored: method is lora");
  }

  @Test
  void adapter_keys_without_adapters_are_ignored_with_a_warning() {
    Resolution resolution = Jobs.resolve(LENGTH + "--method full --rank 8 --alpha 16");
    assertThat(resolution.job().adapter()).isEmpty();
    assertThat(resolution.warnings())
        .extracting(Notice::toString)
        .containsExactly(
            "--rank: lora.rank is ignored: method full has no adapters",
            "--alpha: lora.alpha is ignored: method full has no adapters");
  }

  @Test
  void quantisation_keys_without_quantisation_are_ignored_with_a_warning() {
    assertThat(Jobs.resolve(LENGTH + "--double-quant true").warnings())
        .extracting(Notice::toString)
        .containsExactly(
            "--double-quant: model.quantization.double_quant is ignored:"
                + " model.quantization.scheme is none");
  }

  @Test
  void galore_takes_no_other_optimizer() {
    assertThatThrownBy(() -> Jobs.resolve(LENGTH + "--method galore --optimizer sgd"))
        .hasMessage(
            "--optimizer: optimizer.name is sgd, allowed: galore, as method galore is that"
                + " optimizer");
  }

  @Test
  void weights_in_another_dtype_than_compute_get_a_warning() {
    assertThat(Jobs.resolve(LENGTH + "--precision bf16 --model-dtype fp32").warnings())
        .extracting(Notice::toString)
        .containsExactly(
            "--precision: precision is bf16 without autocast, but model.dtype is fp32");
    assertThat(Jobs.resolve(LENGTH + "--precision fp16").job().weightDtype().label())
        .isEqualTo("fp16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "freeze", "full --framework trl --count 2 --strategy ddp"})
  void gradients_in_fp16_are_not_unscaled(String method) {
    assertThatThrownBy(() -> Jobs.resolve(LENGTH + FP16 + " --method " + method))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("precision is fp16-mixed, but model.dtype is fp16 and method f")
        .hasMessageContaining("\"Attempting to unscale FP16 gradients.\"")
        .hasMessageEndingWith("allowed: bf16-mixed, or model.dtype fp32");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method lora",
        "--method qlora",
        "--method full --model-dtype fp32",
        "--method full --framework llama-factory",
        "--method full --framework pytorch",
        "--method full --count 2 --strategy fsdp1",
        "--method full --count 2 --strategy fsdp2",
        "--method full --count 2 --strategy zero2",
        "--method full --optimizer lomo",
      })
  void mixed_fp16_runs_where_another_scaler_or_other_gradients_are(String flags) {
    assertThat(Jobs.resolve(LENGTH + FP16 + " " + flags).job().precision())
        .isIn(Precision.FP16_MIXED, Precision.FP16);
  }

  @Test
  void adapter_keys_or_a_quantised_base_ask_for_adapters() {
    String trl = "--framework trl ";
    assertThat(Jobs.resolve(trl).job().method()).isEqualTo(Method.FULL);
    assertThat(Jobs.resolve(trl + "--rank 8").job().method()).isEqualTo(Method.LORA);
    assertThat(Jobs.resolve(trl + "--quantization nf4").job().method()).isEqualTo(Method.QLORA);
    assertThat(Jobs.resolve(trl + "--quantization int8").job().method()).isEqualTo(Method.LORA);
  }

  @ParameterizedTest
  @CsvSource({"64, 4096, 64", "-1, 4096, 1", "0, 4096, 32"})
  void groups_of_gptq_are_those_of_the_checkpoint(int groupSize, long inputs, long groups) {
    JobDocument document =
        Jobs.of("--sequence-length 8 --method lora --quantization gptq-int4")
            .with(
                JobKey.MODEL_CONFIG,
                Map.of("quantization_config", Map.of("group_size", groupSize)),
                Place.of("here"));

    assertThat(JobResolver.resolve(document).job().quantization().groups(inputs)).isEqualTo(groups);
  }

  /** sentence_transformers/base/peft_mixin.py add_adapter. */
  @Test
  void embeddings_leave_a_4_bit_base_as_it_was_loaded_where_nobody_prepares_it() {
    String flags = "--stage embedding --framework sentence-transformers --method qlora ";
    assertThat(isPrepared(flags)).isFalse();
    assertThat(isPrepared(flags + "--kbit-prepare true")).isTrue();
  }

  private static boolean isPrepared(String flags) {
    return Jobs.resolve(flags + " --sequence-length 64")
        .job()
        .adapter()
        .orElseThrow()
        .kbitPrepare();
  }
}
