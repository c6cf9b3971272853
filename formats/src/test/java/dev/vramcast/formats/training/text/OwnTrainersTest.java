package dev.vramcast.formats.training.text;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Test
  void a_class_may_be_derived_from_many() {
    String bases = "B,".repeat(9_000) + "a.".repeat(9_000) + "SFTTrainer)";
    assertThat(derived(bases).root().at("SFTTrainer.model")).isPresent();
  }
}
