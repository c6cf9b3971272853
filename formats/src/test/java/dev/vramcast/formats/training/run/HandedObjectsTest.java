package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that hold settings, which a program makes and hands to a function that trains. */
class HandedObjectsTest {

  private static final String TRAINS =
      """
      @dataclass
      class RunConfig:
          name: str = "gpt2-medium"
          batch: int = 4
          rank: int = 16

      def train(cfg: RunConfig):
          model = AutoModelForCausalLM.from_pretrained(cfg.name)
          model = get_peft_model(model, LoraConfig(r=cfg.rank))
          args = TrainingArguments("out", per_device_train_batch_size=cfg.batch)
          Trainer(model=model, args=args).train()

      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cfg = RunConfig(name='gpt2', batch=2)\ntrain(cfg)",
        "if __name__ == '__main__':\n    cfg = RunConfig(name='gpt2', batch=2)\n    train(cfg)",
        "mine = RunConfig('gpt2', 2)\ntrain(mine)",
        "train(RunConfig(name='gpt2', batch=2))",
        "train(cfg=RunConfig('gpt2', batch=2))",
        "for one in [RunConfig('gpt2', 2)]:\n    train(one)",
        "a = RunConfig('gpt2', 2)\nb = RunConfig(name='gpt2', batch=2)\ntrain(a)",
      })
  void a_function_above_has_what_the_object_is_made_with(String made) {
    assertThat(values(of("train.py", TRAINS + made)))
        .containsEntry("model.id", "gpt2")
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("lora.rank", 16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for one in [RunConfig(batch=1), RunConfig(batch=2)]:\n    train(one)",
        "SIZES = {'a': RunConfig(batch=1), 'b': RunConfig()}\ntrain(SIZES[name()])",
        "train(RunConfig(**json.load(open('settings.json'))))",
        "train(RunConfig('gpt2', **more()))",
        "train(dataclasses.replace(RunConfig(), batch=2))",
        "base = RunConfig()\ntrain(base.model_copy(update={}, batch=2))",
      })
  void what_its_objects_differ_in_is_not_known(String made) {
    assertThat(of("train.py", TRAINS + made).unreadable()).containsKey(JobKey.MICRO_BATCH);
  }

  @Test
  void an_object_that_its_class_makes_of_a_file_has_what_that_says() {
    String loads =
        """
            @classmethod
            def from_yaml(cls, path):
                with open(path) as file:
                    return cls(**yaml.safe_load(file))

        def train(""";
    String program =
        TRAINS.replace("\ndef train(", "\n" + loads) + "train(RunConfig.from_yaml('run.yaml'))";
    assertThat(of("train.py", program).unreadable()).containsKey(JobKey.MICRO_BATCH);
  }

  @Test
  void classes_that_no_object_is_made_of_have_their_defaults() {
    String parsed =
        "cfg = HfArgumentParser(RunConfig).parse_args_into_dataclasses()[0]\ntrain(cfg)";
    assertThat(values(of("train.py", TRAINS + parsed))).containsEntry("batch.micro_batch", 4);
    assertThat(values(of("train.py", TRAINS + "train(RunConfig())")))
        .containsEntry("batch.micro_batch", 4);
  }
}
