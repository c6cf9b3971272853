package dev.vramcast.formats.python;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts that a program puts values into. */
class FormattedTextTest {

  private static String program(String model) {
    return "SIZE = 7\nFAMILY = 'Qwen2.5'\nSIZES = {'small': '0.5B'}\n"
        + "model = AutoModelForCausalLM.from_pretrained("
        + model
        + ")\nTrainer(model=model, args=TrainingArguments('out')).train()\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "f'Qwen/{FAMILY}-{SIZE}B-Instruct' | Qwen/Qwen2.5-7B-Instruct",
        "f\"Qwen/{FAMILY}-{SIZES['small']}\" | Qwen/Qwen2.5-0.5B",
        "'Qwen/' f'{FAMILY}-{SIZE * 2}B' | Qwen/Qwen2.5-14B",
        "f'{ROOT}/models/Qwen2.5-7B' | /Qwen2.5-7B",
      })
  void values_that_are_known_stand_in_their_place(String written, String model) {
    assertThat(values(of("train.py", program(written)))).containsEntry("model.id", model);
  }

  @Test
  void a_value_that_is_not_known_is_filled_in_from_outside() {
    assertThat(
            of("train.py", program("f'Qwen/Qwen2.5-{args.size}B'"))
                .unreadable()
                .get(JobKey.MODEL_ID))
        .isNotNull();
  }
}
