package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Functions that make settings of their own where they are handed none, and what else stands by.
 */
class GuardedDefaultsTest {

  private static final String PROGRAM =
      """
      from typing import cast
      @dataclass
      class Settings:
          name: str = "gpt2"
          batch: int = 8
      def run(data, config: Settings | None = None):
          %s
          model = AutoModelForCausalLM.from_pretrained(config.name)
          args = TrainingArguments("out", per_device_train_batch_size=config.batch)
          Trainer(model=model, args=args).train()
      %s
      """;

  private static Object batch(String guard, String call) {
    return values(of("train.py", PROGRAM.formatted(guard.replace("~", "\n        "), call)))
        .get("batch.micro_batch");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if config is None:~config = Settings()",
        "if not config:~config = Settings()",
        "config = config or Settings()",
      })
  void a_function_that_is_handed_settings_makes_none(String guard) {
    assertThat(batch(guard, "run(rows, Settings(batch=2))")).isEqualTo(2);
    assertThat(batch(guard, "mine = Settings(batch=2)\nrun(rows, config=mine)")).isEqualTo(2);
    assertThat(
            batch(
                guard,
                "def main():\n    config = Settings(batch=2)\n    run(rows, config)\nmain()"))
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"run(rows)", "run(rows, None)", "run(data=rows)"})
  void a_function_that_is_handed_none_has_its_own(String call) {
    assertThat(batch("if config is None:~config = Settings()", call)).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "args = cast(TrainingArguments, args)",
        "args = typing.cast(TrainingArguments, args)",
        "args = cast(\"TrainingArguments\", args)",
      })
  void what_type_checkers_are_told_changes_nothing(String statement) {
    String program =
        """
        import typing
        from typing import cast
        model = AutoModelForCausalLM.from_pretrained("gpt2")
        parser = HfArgumentParser(TrainingArguments)
        args = parser.parse_args_into_dataclasses()[0]
        %s
        size = cast(int, 2 * 8)
        model = get_peft_model(model, LoraConfig(r=size))
        Trainer(model=model, args=args).train()
        """;

    assertThat(values(of("train.py", program.formatted(statement)))).containsEntry("lora.rank", 16);
  }

  @Test
  void adapters_of_a_model_that_another_function_loads_are_no_trainers() {
    String program =
        """
        def show():
            model = AutoModelForCausalLM.from_pretrained("gpt2")
            model = get_peft_model(model, LoraConfig(r=4))
            return model(**texts).loss
        def train():
            model = AutoModelForCausalLM.from_pretrained("gpt2")
            Trainer(model=model, args=TrainingArguments("out")).train()
        """;

    assertThat(values(of("train.py", program)))
        .doesNotContainKey("lora.rank")
        .doesNotContainEntry("method", "lora");
    assertThat(
            values(
                of(
                    "train.py",
                    program.replace(
                        "gpt2\")\n    Trainer", "gpt2\")\n    model = show()\n    Trainer"))))
        .containsEntry("lora.rank", 4);
  }
}
