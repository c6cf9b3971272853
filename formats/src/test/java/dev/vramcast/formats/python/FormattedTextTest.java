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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "7 | {x} | 7",
        "'7' | {x!s} | 7",
        "7.0 | {x} | 7.0",
        "7.0 | {x:.0f} | 7",
        "0.5 | {x:.0f} | 0",
        "1.5 | {x:.0f} | 2",
        "7 | {x:.1f} | 7.0",
        "7 | {x:d} | 7",
        "7 | {x:03d} | 007",
        "'a' | {x:s} | a",
        "1e3 | {x} | 1000.0",
        "2e-5 | {x} | 2e-05",
        "1.25e-10 | {x} | 1.25e-10",
        "1e16 | {x} | 1e+16",
        "0.0001 | {x} | 0.0001",
        "0.10 | {x} | 0.1",
        "0.0 | {x} | 0.0",
        "-2e-5 | {x} | -2e-05",
        "True | {x} | True",
        "7.5 | {x:d} | ${x...}",
        "'a' | {x!r} | ${x...}",
        "7 | {x:>{w}} | {x:>${w}}",
      })
  void values_stand_as_python_prints_them(String value, String put, String printed) {
    assertThat(ProgramValuesTest.value("x = " + value + "~f(x=f'a-" + put + "')"))
        .isEqualTo("a-" + printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "f\"a-{d[\"k\"]}B\" | a-8B",
        "f'a-{d['k']}B' | a-8B",
        "f'a-{d[\"k\"]}B' | a-8B",
        "f'{{{d['k']}}}' | {8}",
        "f'a-{d[' | a-{d[",
        "f'{{' | {",
        "f'a-{' | a-{",
      })
  void quotes_of_the_text_may_stand_in_what_is_put_in(String written, String text) {
    assertThat(ProgramValuesTest.value("d = {'k': '8'}~f(x=" + written + ")")).isEqualTo(text);
  }

  @Test
  void a_value_that_is_not_known_is_filled_in_from_outside() {
    assertThat(
            of("train.py", program("f'Qwen/Qwen2.5-{args.size}B'"))
                .unreadable()
                .get(JobKey.MODEL_ID))
        .isNotNull();
  }

  private static Object model(String put) {
    String program =
        """
        def load(size):
            name = f"Qwen/Qwen2.5-%sB"
            return AutoModelForCausalLM.from_pretrained(name)

        def train(size):
            model = load(size)
            Trainer(model=model, args=TrainingArguments("out")).train()

        train(7)
        """
            .formatted(put);
    return values(of("train.py", program)).get("model.id");
  }

  @Test
  void what_a_function_is_handed_stands_in_its_texts() {
    assertThat(model("{size}")).isEqualTo("Qwen/Qwen2.5-7B");
    assertThat(model("{size * 2}")).isNotEqualTo("Qwen/Qwen2.5-7B");
    assertThat(model("{size.b}")).isNotEqualTo("Qwen/Qwen2.5-7B");
  }

  @Test
  void of_a_program_no_value_is_said_to_come_from_outside() {
    assertThat(
            of("train.py", program("f'Qwen/Qwen2.5-{pick(SIZE)}B'"))
                .unreadable()
                .get(JobKey.MODEL_ID)
                .toString())
        .contains("not known before the program runs");
  }
}
