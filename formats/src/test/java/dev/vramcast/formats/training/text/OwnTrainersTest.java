package dev.vramcast.formats.training.text;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnTrainersTest {

  private static TrainingFile derived(String bases) {
    return TrainingText.of("class Own(" + bases + ":\n    pass\nOwn(model='m')\n", "train.py");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SFTTrainer)",
        "Mixin, a.Other , trl.trainer.SFTTrainer )",
        "SFTTrainer, KTOTrainer)",
        "Mixin, SFTTrainer,",
      })
  void a_derived_trainer_tells_the_first_one_that_it_is_derived_from(String bases) {
    assertThat(derived(bases).root().at("SFTTrainer.model")).isPresent();
    assertThat(derived(bases).root().at("KTOTrainer")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mixin)", "made(1, SFTTrainer))", "", "SFTTrainer", "SFTTrainerMixin)"})
  void other_classes_tell_none(String bases) {
    assertThat(derived(bases).root().at("SFTTrainer")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Trainer", "transformers.Trainer"})
  void one_that_has_the_name_of_a_library_s_alone_is_said_to_be_another(String base) {
    String program =
        """
        class RewardTrainer(%s):
            def compute_loss(self, model, inputs):
                return loss(model(**inputs), inputs["label"])
        model = AutoModelForSequenceClassification.from_pretrained("Qwen/Qwen3-0.6B", num_labels=1)
        RewardTrainer(model=model, args=TrainingArguments("out")).train()
        """
            .formatted(base);

    assertThat(keys(of("train.py", program), FindingCode.NOT_COUNTED)).contains("RewardTrainer");
    String library = program.replace("(" + base + ")", "(trl.RewardTrainer)");
    assertThat(keys(of("train.py", library), FindingCode.NOT_COUNTED))
        .doesNotContain("RewardTrainer");
  }

  @Test
  void a_class_may_be_derived_from_many() {
    String bases = "B,".repeat(9_000) + "a.".repeat(9_000) + "SFTTrainer)";
    assertThat(derived(bases).root().at("SFTTrainer.model")).isPresent();
  }
}
