package dev.vramcast.core.run.episode;

import static dev.vramcast.core.run.episode.StagePlanTest.episodes;
import static dev.vramcast.core.run.episode.StagePlanTest.labels;
import static dev.vramcast.core.run.episode.StagePlanTest.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What frameworks have of their own in stages that are not supervised. */
class FrameworkStagesTest {

  @ParameterizedTest
  @CsvSource({
    "axolotl, dpo, SEQUENCES",
    "axolotl, orpo, SEQUENCES",
    "llama-factory, dpo, WHOLE",
    "llama-factory, cpo, WHOLE",
    "llama-factory, kto, WHOLE",
    "ms-swift, dpo, SEQUENCES",
    "ms-swift, kto, SEQUENCES",
    "ms-swift, orpo, SEQUENCES",
    "ms-swift, cpo, SEQUENCES",
    "torchtune, dpo, WHOLE",
    "unsloth, dpo, GRADIENT_BESIDE",
    "unsloth, orpo, GRADIENT_BESIDE",
    "unsloth, grpo, GRADIENT_BESIDE",
    "unsloth --framework-version 2026.9, dpo, SEQUENCES",
    "unsloth --framework-version 2026.9, grpo, KEPT_CHUNKS"
  })
  void each_framework_has_its_own_trainer(String framework, String stage, StageHead way) {
    String flags = "--method lora --framework " + framework + " --stage " + stage;

    assertThat(labels(step(flags).get(0)).way()).isEqualTo(way);
  }

  @Test
  void llama_factory_runs_other_answers_behind_the_batch() {
    List<Pass> passes = step("--framework llama-factory --stage kto --method lora");

    assertThat(passes).extracting(Pass::graph).containsExactly(true, false, false, false);
    assertThat(passes).extracting(Pass::adapters).containsExactly(true, true, false, false);
  }

  @Test
  void ms_swift_makes_logits_of_the_longer_answer_and_hands_none_on() {
    Pass policy =
        step("--framework ms-swift --stage dpo --method lora --chosen-length 300"
                + " --rejected-length 100")
            .get(0);

    assertThat(labels(policy).labels()).isEqualTo(4 * 2 * 300);
    assertThat(labels(policy).details()).containsExactly(Detail.LAST_TOKENS);
    assertThat(labels(policy).reports()).isEqualTo(PassHead.Reports.NONE);
  }

  /** swift/rlhf_trainers/dpo_trainer.py concatenated_forward. */
  @Test
  void ms_swift_makes_logits_of_all_tokens_of_a_part_of_a_sequence() {
    Pass policy =
        step("--framework ms-swift --stage dpo --method lora --count 2 --strategy ddp --context 2")
            .get(0);

    assertThat(labels(policy).details()).containsExactly(Detail.EVERY_TOKEN);
  }

  /** swift/rlhf_trainers/kto_trainer.py forward: other prompts' answers first, of each model. */
  @Test
  void ms_swift_runs_other_answers_first_and_makes_logits_of_answers_alone() {
    List<Pass> passes =
        step(
            "--framework ms-swift --stage kto --method lora --micro-batch 2"
                + " --sequence-length 1024 --completion-length 300");

    assertThat(passes).extracting(Pass::graph).containsExactly(false, true, false, false);
    assertThat(passes).extracting(Pass::adapters).containsExactly(true, true, false, false);
    assertThat(passes).extracting(pass -> labels(pass).labels()).containsOnly(2L * 300);
    assertThat(passes)
        .extracting(pass -> labels(pass).details())
        .allMatch(details -> details.contains(Detail.LAST_TOKENS));
    assertThat(passes)
        .extracting(pass -> labels(pass).reports())
        .containsOnly(PassHead.Reports.NONE);
  }

  @Test
  void ms_swift_scores_always_and_divides_by_the_temperature_in_place() {
    List<Episode> episodes =
        episodes("--framework ms-swift --stage grpo --method lora --steps-per-generation 2");

    assertThat(episodes)
        .extracting(Episode::label)
        .containsExactly("load", "generation", "scoring", "step");
    assertThat(labels(episodes.get(3).passes().get(0)).details())
        .containsExactlyInAnyOrder(Detail.LAST_TOKENS, Detail.TEMPERATURE_IN_PLACE);
  }

  @Test
  void unsloth_hands_all_states_of_pairs_to_its_head_and_labelled_ones_of_completions() {
    Pass pairs = step("--framework unsloth --stage orpo --method lora --prompt-length 200").get(0);
    Pass completions =
        step("--framework unsloth --stage grpo --method lora --prompt-length 200").get(0);

    assertThat(labels(pairs).details()).containsExactly(Detail.ALL_STATES);
    assertThat(labels(pairs).labels()).isEqualTo(4 * (2 * 312 + 200));
    assertThat(labels(completions).details()).isEmpty();
    assertThat(labels(completions).labels()).isEqualTo(4 * 312);
  }

  @Test
  void a_reward_model_of_nemo_rl_scores_pairs() {
    Pass pairs = step("--framework nemo-rl --stage reward --micro-batch 3").get(0);

    assertThat(pairs.head()).isInstanceOf(PassHead.PairScores.class);
    assertThat(pairs.batch().sequences()).isEqualTo(6);
  }

  @Test
  void prime_rl_scores_all_tokens_of_a_row_in_its_tiles_and_once() {
    String flags =
        "--framework prime-rl --framework-version 0.8 --stage grpo --prompt-length 200"
            + " --engine vllm-server --count 2";

    assertThat(labels(step(flags).get(0)).way()).isEqualTo(StageHead.TILES);
    assertThat(labels(step(flags).get(0)).labels()).isEqualTo(4 * 512);
    assertThat(episodes(flags)).extracting(Episode::label).containsExactly("load", "step");
    assertThatThrownBy(() -> step(flags.replace("0.8", "0.3")))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void llama_factory_weighs_chosen_answers_by_their_log_probabilities_and_adds_no_token() {
    Pass policy =
        step("--framework llama-factory --stage orpo --method lora --prompt-length 8").get(0);

    assertThat(labels(policy).details()).isEmpty();
    assertThat(policy.batch().length()).isEqualTo(512);
  }
}
