package dev.vramcast.formats.training.llamafactory;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneratingEvaluationTest {

  /** Keys and values of what is generated may be more than a step takes. */
  @ParameterizedTest
  @CsvSource({"true, 1", "false, 0"})
  void an_answer_begins_with_what_its_evaluation_is_counted_without(boolean generates, int told) {
    Reading reading =
        of(
            "sft.yaml",
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
            predict_with_generate: %s
            """
                .formatted(generates));

    assertThat(JobResolver.resolve(reading.document()).warnings().stream().filter(Notice::leads))
        .hasSize(told)
        .allMatch(notice -> notice.toString().contains("without what it generates"));
    assertThat(keys(reading, FindingCode.NOT_COUNTED).contains("predict_with_generate"))
        .isEqualTo(generates);
  }
}
