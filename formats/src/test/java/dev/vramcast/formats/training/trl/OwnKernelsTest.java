package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnKernelsTest {

  private static final String PROGRAM =
      """
      KERNELS
      model = LOADER.from_pretrained("google/gemma-2-2b")
      args = TrainingArguments(output_dir="out", per_device_train_batch_size=2)
      trainer = Trainer(model=model, args=args, train_dataset=data)
      """;

  private static String program(String kernels, String loader) {
    return PROGRAM.replace("KERNELS", kernels).replace("LOADER", loader);
  }

  @Test
  void kernels_that_a_program_puts_into_the_model_are_counted() {
    String program = program("apply_liger_kernel_to_gemma2()", "AutoModelForCausalLM");

    assertThat(values(of("a.py", program)))
        .containsEntry("liger_kernels", List.of("rms_norm", "swiglu", "rope"))
        .containsEntry("loss", "liger");
  }

  @Test
  void those_that_its_call_switches_off_are_not() {
    String call =
        "apply_liger_kernel_to_gemma2(rope=False, fused_linear_cross_entropy=False, geglu=True)";

    assertThat(values(of("a.py", program(call, "AutoModelForCausalLM"))))
        .containsEntry("liger_kernels", List.of("rms_norm", "swiglu"))
        .doesNotContainKey("loss");
  }

  @Test
  void switches_may_be_numbers() {
    String call = "apply_liger_kernel_to_gemma2(rope=0, rms_norm=1)";

    assertThat(values(of("a.py", program(call, "AutoModelForCausalLM"))))
        .containsEntry("liger_kernels", List.of("rms_norm", "swiglu"))
        .containsEntry("loss", "liger");
  }

  @Test
  void a_switch_that_is_not_known_is_taken_as_liger_has_it() {
    String call = "apply_liger_kernel_to_gemma2(rope=USE_ROPE, swiglu=False)";
    Reading reading = of("a.py", program(call, "AutoModelForCausalLM"));

    assertThat(values(reading)).containsEntry("liger_kernels", List.of("rms_norm", "rope"));
    assertThat(reading.unreadable()).isEmpty();
    assertThat(keys(reading, FindingCode.ASSUMED)).contains("liger_kernel.rope");
  }

  @Test
  void a_classifier_has_no_loss_of_theirs() {
    String call = "apply_liger_kernel_to_gemma2()";

    assertThat(values(of("a.py", program(call, "AutoModelForSequenceClassification"))))
        .containsEntry("liger_kernels", List.of("rms_norm", "swiglu", "rope"))
        .doesNotContainEntry("loss", "liger");
  }

  @Test
  void a_model_that_is_loaded_with_them_has_them() {
    assertThat(values(of("a.py", program("", "AutoLigerKernelForCausalLM"))))
        .containsEntry("loss", "liger");
  }

  @Test
  void texts_are_as_long_as_the_tokenizer_leaves_them() {
    String cuts = "tokens = tokenizer(texts, truncation=True, max_length=128)";

    assertThat(values(of("a.py", program(cuts, "AutoModelForCausalLM"))))
        .containsEntry("batch.sequence_length", 128);
    String whole = cuts.replace("truncation=True, ", "");
    assertThat(values(of("a.py", program(whole, "AutoModelForCausalLM"))))
        .doesNotContainKey("batch.sequence_length");
  }
}
