package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recipes beside verl's own trainer, and what is a teacher to it. */
class RecipesTest {

  private static Reading with(String values) {
    return of(
        "run.sh", "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=a/b " + values);
  }

  @Test
  void a_teacher_that_is_only_named_is_said_to_do_nothing() {
    String teacher = "distillation.teacher_model.model_path=a/c";

    assertThat(keys(with(teacher), FindingCode.IGNORED_KEY))
        .contains("distillation.teacher_model.model_path");
    assertThat(with(teacher).notModelled()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "-m recipe.gkd.main_gkd, true",
    "-m verl.recipe.prime.main_prime, true",
    "recipe/sppo/main_sppo.py, true",
    "-m recipe.dapo.main_dapo, false",
    "verl/trainer/main_ppo.py, false"
  })
  void a_recipe_with_a_trainer_of_its_own_is_not_modelled(String program, boolean refused) {
    String command =
        "python3 %s actor_rollout_ref.model.path=a/b algorithm.adv_estimator=grpo"
            .formatted(program);

    assertThat(of("run.sh", command).notModelled().isPresent()).isEqualTo(refused);
  }
}
