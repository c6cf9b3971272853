package dev.vramcast.formats.training.llamafactory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands of LLaMA-Factory's that only make rows ready. */
class TrainingTurnedOffTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llamafactory-cli train --stage sft --do_train False --model_name_or_path a/b"
            + " --cutoff_len 4096 --packing False\n",
        "llamafactory-cli train --stage sft --do_train false --finetuning_type lora"
            + " --model_name_or_path a/b --output_dir out\n"
      })
  void a_command_that_turns_training_off_trains_nothing(String command) {
    Reading reading = Readings.of("prepare.sh", command);

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("trains nothing: do_train is off");
  }
}
