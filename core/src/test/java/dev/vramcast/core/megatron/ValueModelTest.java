package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.EpisodePeak;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PPO on Megatron-Core, whose critic begins as the actor: Llama of two layers, 512 tokens. */
class ValueModelTest {

  private static final String VERL =
      "--framework verl --strategy megatron --method full --reference none --engine none"
          + " --micro-batch 1 --sequence-length 512 --completion-length 256 --stage ";
  private static final long LAYERS =
      2 * (1024L * (1024 + 512 + 1024) + 3 * 1024 * 2816 + 2 * 1024) + 1024;
  private static final long TABLE = 8192L * 1024;

  private static RankEstimate rank(String flags, int index) {
    return Estimates.whole(Stages.llama(2), VERL + flags).ranks().get(index);
  }

  /** In 16 bits, with fp32 masters: layers, embedding and a head of one number. */
  @Test
  void weights_of_the_critic_are_beside_the_actors() {
    long both = rank("ppo", 0).breakdown().get(Category.WEIGHTS);
    long actor = rank("grpo --beta 0", 0).breakdown().get(Category.WEIGHTS);

    assertThat(actor).isBetween(6 * (LAYERS + 2 * TABLE), 6 * (LAYERS + 2 * TABLE) + 50_000);
    assertThat(both - actor)
        .isBetween(6 * (LAYERS + TABLE + 1024), 6 * (LAYERS + TABLE + 1024) + 50_000);
  }

  @Test
  void both_have_gradients_and_states_that_stay_while_the_other_trains() {
    RankEstimate rank = rank("ppo", 0);
    long elements = LAYERS + 2 * TABLE + LAYERS + TABLE + 1024;

    assertThat(rank.breakdown().get(Category.OPTIMIZER))
        .isBetween(8 * elements, 8 * elements + 100_000);
    // Once for both, a placeholder of each shape of a layer.
    long placeholders = 2L * 1024 * (1536 + 1024 + 2 * 2816 + 2816);
    assertThat(rank.breakdown().get(Category.GRADIENTS) - 4 * elements - placeholders)
        .isBetween(0L, 2L * TABLE + 1_000_000);
  }

  @Test
  void the_critic_steps_behind_the_actor_and_its_head_makes_no_logits() {
    List<EpisodePeak> episodes = rank("ppo", 0).episodes();

    assertThat(episodes)
        .extracting(each -> each.episode().label())
        .containsExactly("load", "scoring", "step", "value step");
    assertThat(bytes(episodes, "value step")).isLessThan(bytes(episodes, "step"));
  }

  private static long bytes(List<EpisodePeak> episodes, String label) {
    return episodes.stream()
        .filter(each -> each.episode().label().equals(label))
        .mapToLong(EpisodePeak::bytes)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"--count 2 --tensor 2, 1", "--count 4 --tensor 2 --pipeline 2, 2"})
  void the_critic_is_divided_as_the_actor_is(String degrees, int stages) {
    assertThat(Estimates.whole(Stages.llama(2), VERL + "ppo " + degrees).ranks()).hasSize(stages);
  }

  @Test
  void a_critic_beside_adapters_or_a_reward_model_is_not_modelled() {
    for (String flags : List.of("ppo --method lora", "ppo --reward-models a/b")) {
      assertThatThrownBy(() -> RunPlan.of(Estimates.job(VERL + flags)))
          .isInstanceOf(UnsupportedJobException.class);
    }
    assertThat(RunPlan.of(Estimates.job(VERL + "ppo")).episodes())
        .hasAtLeastOneElementOfType(Episode.ValueStep.class);
  }
}
