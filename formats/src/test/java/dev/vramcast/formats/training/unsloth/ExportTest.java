package dev.vramcast.formats.training.unsloth;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program saves when it has trained. */
class ExportTest {

  private static final String ALONE =
      """
      from unsloth import FastLanguageModel
      model, tokenizer = FastLanguageModel.from_pretrained("a/b", load_in_4bit=True)
      """;

  private static Map<String, Object> read(String call) {
    String program =
        """
        from unsloth import FastLanguageModel
        model, tokenizer = FastLanguageModel.from_pretrained(model_name="a/b", load_in_4bit=True)
        model = FastLanguageModel.get_peft_model(model, r=16)
        trainer = SFTTrainer(model=model, args=SFTConfig(max_steps=60))
        """;
    return values(of("a.py", program + call.replace('~', '\n') + "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.save_pretrained_merged('m', tokenizer, save_method = 'merged_16bit',) | true | ",
        "model.push_to_hub_merged('m', tokenizer, 'merged_16bit') | true | ",
        "model.save_pretrained_merged('m', tokenizer, save_method = 'lora') | | ",
        "model.save_pretrained_merged('m', tokenizer) | true | ",
        "model.save_pretrained_merged('m', tokenizer, save_method = 'merged_4bit') | | ",
        "model.save_pretrained_merged('m', tokenizer, save_method='merged_4bit_forced') | | ",
        "if False: model.save_pretrained_merged('m', tokenizer, save_method='merged_16bit') | | ",
        "if False:~    model.save_pretrained_gguf('m', tokenizer, quantization_method='f16') | | ",
        "model.save_pretrained_gguf('m', tokenizer) | | q8_0",
        "model.save_pretrained_gguf('m', tokenizer, quantization_method = 'q4_k_m') | | q4_k_m",
        "model.push_to_hub_gguf('m', tokenizer, quantization_method=['q5_k_m', 'f16']) | | q5_k_m",
        "model.save_pretrained_gguf('m', tokenizer, quantization_method = 'iq2_xxs') | | ",
        "model.save_pretrained_gguf('m', tokenizer, quantization_method = each) | | ",
      })
  void is_merged_or_converted(String call, String merge, String gguf) {
    Map<String, Object> values = read(call);

    assertThat(text(values.get("saving.merge"))).isEqualTo(merge);
    assertThat(text(values.get("saving.gguf"))).isEqualTo(gguf);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.save_pretrained_merged('m', tokenizer, save_method='merged_16bit') | true",
        "model.save_pretrained_merged('m', tokenizer) | true",
        "model.save_pretrained_gguf('m', tokenizer) | true",
        "model.save_pretrained_gguf('m', tokenizer); trainer.train() | ",
        "model.save_pretrained('m') | "
      })
  void a_program_that_only_writes_weights_trains_nothing(String calls, String alone) {
    String program =
        """
        from unsloth import FastLanguageModel
        model, tokenizer = FastLanguageModel.from_pretrained("a/b", load_in_4bit=True)
        """;

    Map<String, Object> values = values(of("a.py", program + calls + "\n"));

    assertThat(text(values.get("saving.alone"))).isEqualTo(alone);
    assertThat(read("model.save_pretrained_gguf('m', tokenizer)"))
        .doesNotContainKey("saving.alone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.save_pretrained('m') | it only saves",
        "model.save_pretrained_merged('m', tokenizer, save_method='lora') | it only saves",
        "model = PeftModel.from_pretrained(model, 'a'); model.save_pretrained('m') | it only saves",
        "model.save_pretrained_merged('m', tokenizer, save_method='merged_4bit') | raises an error"
      })
  void a_program_that_only_saves_adapters_is_no_training(String calls, String why) {
    Reading reading = of("a.py", ALONE + calls + "\n");

    assertThatThrownBy(() -> reading.under(JobDocument.empty())).hasMessageContaining(why);
    assertThat(read(calls)).doesNotContainKey("saving.alone");
    String handed = "finetune(model)\nmodel.save_pretrained('m')\n";
    assertThat(of("a.py", ALONE + handed).unreadable()).isEmpty();
  }

  @Test
  void a_merge_in_4_bits_is_not_modelled() {
    String call =
        "model.save_pretrained_merged('m', tokenizer, save_method='merged_4bit_forced')\n";

    assertThat(of("a.py", ALONE + call).notModelled()).isPresent();
    assertThat(read(call)).doesNotContainKey("saving.merge");
  }

  @Test
  void a_merge_behind_a_try_of_the_model_is_a_merge() {
    String calls = "FastLanguageModel.for_inference(model)\nmodel.save_pretrained_merged('m', t)\n";

    assertThat(of("a.py", ALONE + calls).unreadable()).isEmpty();
  }

  @Test
  void a_folder_of_adapters_does_not_say_of_which_model_they_are() {
    String program =
        """
        from unsloth import FastLanguageModel
        model, tokenizer = FastLanguageModel.from_pretrained("lora_model", load_in_4bit=True)
        model.save_pretrained_merged("m", tokenizer, save_method="merged_16bit")
        """;
    Reading reading = of("a.py", program);

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("does not say of which model");
    JobDocument named = JobDocument.empty().withFlag(JobKey.MODEL_ID, "a/b");
    assertThat(reading.under(named).has(JobKey.WEIGHTS_ALONE)).isTrue();
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
