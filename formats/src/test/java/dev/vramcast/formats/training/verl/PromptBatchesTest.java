package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts of a generation, and the passes that score what they become. */
class PromptBatchesTest {

  private static final String GRPO =
      "python3 -m verl.trainer.main_ppo actor_rollout_ref.model.path=Qwen/Qwen2.5-3B"
          + " algorithm.adv_estimator=grpo trainer.n_gpus_per_node=2"
          + " actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=32"
          + " actor_rollout_ref.actor.ppo_mini_batch_size=256";

  @Test
  void rollouts_of_an_environment_are_the_group_of_verl_agent() {
    Reading reading = with(" data.train_batch_size=16 env.rollout.n=8 env.max_steps=50");

    assertThat(values(reading))
        .containsEntry("generation.group_size", 8)
        .containsEntry("generation.steps_per_generation", 2)
        .containsEntry("batch.grad_accum", 4);
    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED)).containsExactly("env.max_steps");
    assertThat(Readings.keys(reading, FindingCode.REFUSED)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"128, 1", "256, 0"})
  void fewer_prompts_than_a_mini_batch_are_refused(int prompts, int refused) {
    Reading reading = with(" data.train_batch_size=" + prompts);

    assertThat(Readings.keys(reading, FindingCode.REFUSED)).hasSize(refused);
  }

  @ParameterizedTest
  @CsvSource({"32, 0", "64, 1"})
  void passes_over_more_rows_than_are_trained_on_are_said(int rows, int said) {
    Reading reading =
        with(
            " data.train_batch_size=256"
                + " actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu="
                + rows);

    assertThat(Readings.keys(reading, FindingCode.NOT_COUNTED)).hasSize(said);
  }

  private static Reading with(String more) {
    return of("run.sh", GRPO + more);
  }
}
