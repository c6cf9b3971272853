package dev.vramcast.formats.training.llamafactory;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratingEvaluationTest {

  private static final String FILE =
      """
      model_name_or_path: a/b
      stage: sft
      do_train: true
      finetuning_type: lora
      dataset: alpaca_en_demo
      template: llama3
      cutoff_len: 1024
      val_size: 0.1
      eval_strategy: steps
      output_dir: out
      """;

  /** LLaMA-Factory's own default is 1024. */
  @ParameterizedTest
  @CsvSource({"'', 1024", "max_new_tokens: 256, 256"})
  void an_evaluation_generates_as_many_tokens_as_the_file_says(String line, int tokens) {
    Reading reading = of("sft.yaml", FILE + "predict_with_generate: true\n" + line);

    assertThat(values(reading)).containsEntry("evaluation.new_tokens", tokens);
    assertThat(told(reading)).isZero();
  }

  @Test
  void without_it_nothing_is_generated() {
    Reading reading = of("sft.yaml", FILE + "predict_with_generate: false\nmax_new_tokens: 256");

    assertThat(values(reading)).doesNotContainKey("evaluation.new_tokens");
  }

  /** Keys and values of what is generated may be more than a step takes. */
  @Test
  void an_answer_begins_with_what_its_evaluation_is_counted_without() {
    Reading reading =
        of("sft.yaml", FILE.replace("stage: sft", "stage: dpo") + "predict_with_generate: true");

    assertThat(told(reading)).isOne();
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("predict_with_generate");
  }

  /** LLaMA-Factory takes max_length then, which the prompt is counted in. */
  @ParameterizedTest
  @ValueSource(ints = {0, -5})
  void less_than_one_token_is_no_number_of_them(int tokens) {
    Reading reading =
        of("sft.yaml", FILE + "predict_with_generate: true\nmax_new_tokens: " + tokens);

    assertThat(values(reading)).doesNotContainKey("evaluation.new_tokens");
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("max_new_tokens");
  }

  @ParameterizedTest
  @CsvSource({
    "AutoModelForSeq2SeqLM, true",
    "T5ForConditionalGeneration, true",
    "AutoModelForCausalLM, false",
  })
  void a_length_without_the_prompt_is_that_of_an_encoder_decoder(String loader, boolean counted) {
    Reading reading =
        of(
            "train.py",
            """
            model = %s.from_pretrained("a/b")
            args = Seq2SeqTrainingArguments("o", eval_strategy="steps",
                predict_with_generate=True, generation_max_length=512)
            Seq2SeqTrainer(model=model, args=args, compute_metrics=m, eval_dataset=e).train()
            """
                .formatted(loader));

    assertThat(values(reading).containsKey("evaluation.new_tokens")).isEqualTo(counted);
    assertThat(keys(reading, FindingCode.NOT_COUNTED).contains("predict_with_generate"))
        .isNotEqualTo(counted);
  }

  private static long told(Reading reading) {
    return JobResolver.resolve(reading.document()).warnings().stream()
        .filter(Notice::leads)
        .filter(notice -> notice.toString().contains("without what it generates"))
        .count();
  }
}
