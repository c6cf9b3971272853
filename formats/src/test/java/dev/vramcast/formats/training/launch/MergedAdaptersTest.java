package dev.vramcast.formats.training.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that merge adapters by PEFT and train nothing. */
class MergedAdaptersTest {

  private static String program(String loads, String merges) {
    return """
        from peft import AutoPeftModelForCausalLM, PeftModel
        from transformers import AutoModelForCausalLM
        base = %s
        model = PeftModel.from_pretrained(base, "out")
        %s
        model.save_pretrained("whole")
        """
        .formatted(loads, merges);
  }

  private static Reading read(String arguments) {
    String loads = "AutoModelForCausalLM.from_pretrained('a/b'" + arguments + ")";
    return Readings.of("a.py", program(loads, "model = model.merge_and_unload()"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ", torch_dtype=torch.float16, device_map='auto' | fp16 | gpu",
        ", dtype=torch.bfloat16, device_map={'': 'cpu'} | bf16 | cpu",
        ", torch_dtype=torch.bfloat16, device_map='cpu' | bf16 | cpu",
        ", torch_dtype=torch.float32 | fp32 | cpu",
        ", torch_dtype=torch.bfloat16).to('cuda' | bf16 | gpu",
      })
  void such_a_program_trains_nothing_and_says_where_it_merges(
      String arguments, String dtype, String device) {
    Map<String, Object> values = Readings.values(read(arguments));

    assertThat(values)
        .containsEntry("saving.alone", true)
        .containsEntry("saving.merge", true)
        .containsEntry("saving.merge_device", device)
        .containsEntry("method", "lora")
        .containsEntry("model.id", "a/b");
    assertThat(read(arguments).document().text(JobKey.FRAMEWORK_NAME)).contains("peft");
    assertThat(String.valueOf(values.get("model.dtype"))).isEqualToIgnoringCase(dtype);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", load_in_4bit=True",
        ", quantization_config=BitsAndBytesConfig(load_in_8bit=True)"
      })
  void into_quantised_weights_it_is_not_modelled(String arguments) {
    assertThat(read(arguments).notModelled()).isPresent();
    assertThat(read(", load_in_4bit=False").notModelled()).isEmpty();
  }

  @Test
  void adapters_that_alone_know_their_model_need_its_name() {
    String loads = "AutoPeftModelForCausalLM.from_pretrained('out')";
    Reading reading = Readings.of("a.py", program(loads, "base.merge_and_unload()"));

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not say of which model");
    JobDocument named = JobDocument.empty().withFlag(JobKey.MODEL_ID, "a/b");
    assertThat(reading.under(named).text(JobKey.MODEL_ID)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# model.merge_and_unload()",
        "model.add_weighted_adapter(['a', 'b'], [1, 1], 'c'); model.merge_and_unload()",
        "model.merge_and_unload(); loss.backward()"
      })
  void other_programs_are_none_of_them(String merges) {
    String loads = "AutoModelForCausalLM.from_pretrained('a/b')";

    assertThatThrownBy(() -> Readings.of("a.py", program(loads, merges)))
        .isInstanceOf(InputException.class);
  }
}
