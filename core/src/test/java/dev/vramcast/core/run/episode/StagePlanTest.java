package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.run.episode.PassHead.Detail;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The passes of stages that are not supervised. */
class StagePlanTest {

  private static final String TRL = "--framework trl --micro-batch 4 --grad-accum 2 ";
  private static final String GIVEN = " --method lora --engine none";

  @Test
  void a_pair_is_two_sequences_and_the_reference_runs_behind_the_policy() {
    List<Pass> passes = step("--stage dpo --method lora --prompt-length 200");

    assertThat(passes).hasSize(2);
    assertThat(passes).extracting(Pass::batch).containsOnly(new PassBatch(8, 512));
    assertThat(passes).extracting(Pass::graph).containsExactly(true, false);
    assertThat(passes).extracting(Pass::adapters).containsExactly(true, false);
  }

  @ParameterizedTest
  @CsvSource({
    "--prompt-length 200, 2496",
    "--chosen-length 300 --rejected-length 100, 1600",
    "--completion-length 100, 800",
    "'', 4088"
  })
  void answers_have_labels_and_prompts_have_none(String lengths, long labels) {
    assertThat(labels(step("--stage dpo --method lora " + lengths).get(0)).labels())
        .isEqualTo(labels);
  }

  /** axolotl/core/trainers/ebft: features of all that was generated, then of what was given. */
  @ParameterizedTest
  @CsvSource({"lora, POLICY, true", "full, REFERENCE, false"})
  void completions_are_rewarded_by_features_of_the_model_as_it_was(
      String method, ResidentModel model, boolean logits) {
    String flags = " --micro-batch 4 --grad-accum 2 --group-size 4 --engine none --stage ebft";
    List<Episode> episodes =
        RunPlan.of(Estimates.job("--framework axolotl --method " + method + flags)).episodes();

    assertThat(episodes).extracting(Episode::label).containsExactly("load", "scoring", "step");
    List<Pass> features = episodes.get(1).passes();
    assertThat(features)
        .extracting(Pass::batch)
        .containsExactly(new PassBatch(8, 512), new PassBatch(2, 512));
    assertThat(features).extracting(Pass::model).containsOnly(model);
    assertThat(features).extracting(Pass::head).containsOnly(new PassHead.Features(3, logits));
  }

  /** axolotl/core/trainers/ebft/strided.py compute_loss, of 256 tokens with 31 places. */
  @ParameterizedTest
  @CsvSource({"lora, 4, 1, 248", "full, 1, 4, 248", "lora --loss-alpha 0.03, 4, 1, 503"})
  void texts_are_gone_on_with_at_their_places_token_by_token(
      String method, int graphs, int sequences, int labels) {
    String flags = " --micro-batch 1 --sequence-length 256 --stage ebft-strided --count 1";
    List<Episode> episodes =
        RunPlan.of(Estimates.job("--framework axolotl --method " + method + flags)).episodes();

    assertThat(episodes).extracting(Episode::label).containsExactly("load", "step");
    List<Pass> passes = episodes.get(1).passes();
    assertThat(passes).hasSize(8 + graphs + 1);
    assertThat(passes.subList(0, 8))
        .extracting(Pass::batch)
        .startsWith(new PassBatch(4, 256), new PassBatch(4, 287))
        .endsWith(new PassBatch(4, 473));
    assertThat(passes.get(7).attending()).contains(new Pass.Attending(AttentionKernel.EAGER, true));
    List<Pass> trained = passes.stream().filter(Pass::graph).toList();
    assertThat(trained).hasSize(graphs);
    assertThat(trained).extracting(Pass::batch).containsOnly(new PassBatch(sequences, 504));
    assertThat(trained)
        .extracting(Pass::head)
        .containsOnly(new PassHead.Pieces(labels, method.equals("full")));
    Pass features = passes.get(passes.size() - 1);
    boolean copies = method.equals("full");
    assertThat(features.model()).isEqualTo(copies ? ResidentModel.REFERENCE : ResidentModel.POLICY);
    assertThat(features.adapters()).isEqualTo(copies);
    assertThat(features.batch()).isEqualTo(new PassBatch(4, 504));
  }

  @Test
  void full_fine_tuning_holds_a_copy_as_its_reference() {
    List<Episode> episodes = episodes("--stage dpo --method full");

    assertThat(((Episode.Load) episodes.get(0)).models())
        .containsExactly(ResidentModel.POLICY, ResidentModel.REFERENCE);
    assertThat(step("--stage dpo --method full"))
        .extracting(Pass::model)
        .containsExactly(ResidentModel.POLICY, ResidentModel.REFERENCE);
  }

  @Test
  void a_precomputed_reference_runs_before_training_alone() {
    List<Episode> episodes = episodes("--stage dpo --method lora --reference precomputed");

    assertThat(episodes)
        .extracting(Episode::label)
        .containsExactly("load", "precomputation", "step");
    assertThat(episodes).extracting(Episode::repeats).containsExactly(false, false, true);
    assertThat(episodes.get(1).passes()).extracting(Pass::adapters).containsExactly(false);
    assertThat(episodes.get(2).passes()).hasSize(1);
  }

  @Test
  void kto_runs_other_answers_first_and_both_again_by_the_reference() {
    assertThat(step("--stage kto --method lora"))
        .extracting(Pass::graph)
        .containsExactly(false, true, false, false);
    assertThat(step("--stage kto --method lora"))
        .extracting(Pass::batch)
        .containsOnly(new PassBatch(4, 512));
    assertThat(step("--stage kto --method lora --loss-type apo_zero_unpaired"))
        .extracting(Pass::graph)
        .containsExactly(true, false);
  }

  @Test
  void bco_copies_logits_of_good_and_bad_answers_and_has_no_other_ones() {
    List<Pass> passes = step("--stage bco --method lora --prompt-length 12");

    assertThat(passes).extracting(Pass::graph).containsExactly(true, false);
    assertThat(passes).extracting(Pass::batch).containsOnly(new PassBatch(4, 513));
    assertThat(labels(passes.get(0)).way()).isEqualTo(StageHead.SEQUENCES);
    assertThat(labels(passes.get(0)).details()).contains(Detail.ANSWERS_INSTEAD);
  }

  @ParameterizedTest
  @CsvSource({
    "--stage orpo, true",
    "--stage cpo, true",
    "--stage cpo --loss-type simpo --loss-alpha 0, false"
  })
  void the_likelihood_of_chosen_answers_is_left_out_where_it_weighs_nothing(
      String flags, boolean likelihood) {
    List<Pass> passes = step(flags + " --method lora");

    assertThat(passes).hasSize(1);
    assertThat(labels(passes.get(0)).way()).isEqualTo(StageHead.KERNEL);
    assertThat(labels(passes.get(0)).details().contains(Detail.LIKELIHOOD_OF_CHOSEN))
        .isEqualTo(likelihood);
  }

  @Test
  void orpo_puts_a_token_before_a_prompt_of_known_length() {
    assertThat(step("--stage orpo --method lora").get(0).batch().length()).isEqualTo(512);
    assertThat(step("--stage orpo --method lora --prompt-length 12").get(0).batch().length())
        .isEqualTo(513);
  }

  @Test
  void a_reward_model_scores_both_answers_of_a_pair() {
    List<Pass> passes = step("--stage reward --method lora");

    assertThat(passes).hasSize(1);
    assertThat(passes.get(0).head()).isInstanceOf(PassHead.PairScores.class);
    assertThat(passes.get(0).batch()).isEqualTo(new PassBatch(8, 512));
  }

  @ParameterizedTest
  @CsvSource({
    "--stage grpo, 0",
    "--stage grpo --beta 0.04, 1",
    "--stage grpo --iterations 2, 1",
    "--stage grpo --steps-per-generation 8 --beta 0.04, 2",
    "--stage rloo --beta 0, 1",
    "--stage rloo, 2"
  })
  void generated_batches_are_scored_where_their_scores_are_needed(String flags, int passes) {
    List<Episode> episodes = episodes(flags + GIVEN);
    List<Pass> scored =
        episodes.stream()
            .filter(Episode.Scoring.class::isInstance)
            .flatMap(each -> each.passes().stream())
            .toList();

    assertThat(scored).hasSize(passes);
    assertThat(scored).noneMatch(Pass::graph);
    assertThat(step(flags + GIVEN)).hasSize(1);
  }

  @Test
  void trl_copies_logits_release_by_release() {
    String release = " --method lora --framework trl --framework-version ";

    assertThat(labels(step("--stage grpo" + release + "1.9.2").get(0)).details())
        .contains(Detail.TEMPERATURE_IN_PLACE);
    assertThat(labels(step("--stage grpo" + release + "1.10.0").get(0)).details())
        .contains(Detail.TEMPERATURE);
    assertThat(labels(step("--stage grpo" + release + "0.29.1").get(0)).details())
        .contains(Detail.TEMPERATURE_INSTEAD);
    assertThat(labels(step("--stage dpo" + release + "1.5.0").get(0)).details())
        .containsExactly(Detail.CONTIGUOUS);
    assertThat(labels(step("--stage dpo" + release + "1.6.0").get(0)).details()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1.5.0, ANSWERS_INSTEAD, ANSWERS_INSTEAD, SUMS",
    "1.6.0, CONTIGUOUS COPIES_ANSWERS, CONTIGUOUS, SUMS",
    "1.7.0, COPIES_ANSWERS, '', SUMS",
    "1.8.0, COPIES_ANSWERS, '', SUMS_AND_ENTROPY",
    "1.9.0, '', '', ANSWERS"
  })
  void kto_copies_logits_release_by_release(
      String version, String policy, String reference, PassHead.Reports reports) {
    List<Pass> passes = step("--stage kto --method lora --framework-version " + version);

    assertThat(labels(passes.get(1)).details()).isEqualTo(details(policy));
    assertThat(labels(passes.get(3)).details()).isEqualTo(details(reference));
    assertThat(labels(passes.get(1)).reports()).isEqualTo(reports);
    assertThat(labels(passes.get(0)).reports()).isEqualTo(PassHead.Reports.NONE);
  }

  private static Set<Detail> details(String names) {
    return Stream.of(names.split(" "))
        .filter(name -> !name.isEmpty())
        .map(Detail::valueOf)
        .collect(Collectors.toSet());
  }

  @Test
  void liger_takes_the_loss_of_completions_until_trl_114_and_scores_none() {
    String liger = "--stage grpo --method lora --loss liger --beta 0.1 --framework-version ";
    List<Episode> episodes = episodes(liger + "1.13.0");

    assertThat(labels(step(liger + "1.13.0").get(0)).way()).isEqualTo(StageHead.LIGER);
    assertThat(episodes).extracting(Episode::label).contains("scoring");
    assertThat(labels(episodes.get(2).passes().get(0)).way()).isEqualTo(StageHead.SEQUENCES);
    assertThat(labels(step(liger + "1.15.0").get(0)).way()).isEqualTo(StageHead.TILES);
    assertThatThrownBy(() -> step(liger.replace("grpo", "dpo") + "1.13.0"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("loss liger");
  }

  @ParameterizedTest
  @CsvSource({
    "transformers, load generation step",
    "vllm-colocate, load generation scoring step",
    "vllm-server, load scoring step",
    "none, load step",
    "shared --framework unsloth, load generation scoring step"
  })
  void the_engine_decides_what_comes_before_a_step(String engine, String episodes) {
    assertThat(episodes("--stage grpo --method lora --engine " + engine))
        .extracting(Episode::label)
        .containsExactly(episodes.split(" "));
  }

  @Test
  void the_prompts_of_all_micro_batches_are_read_at_once() {
    List<Episode> episodes =
        episodes("--stage grpo --method lora --prompt-length 100 --steps-per-generation 3");
    Episode.Generation generation = (Episode.Generation) episodes.get(1);

    assertThat(generation.sequences()).isEqualTo(12);
    assertThat(generation.length()).isEqualTo(512);
    assertThat(generation.prompts())
        .extracting(Pass::batch)
        .containsExactly(new PassBatch(12, 100));
  }

  @ParameterizedTest
  @CsvSource({"1.13.0, SEQUENCES", "1.14.2, KERNEL", "1.15.0, TILES"})
  void the_version_decides_how_log_probabilities_are_made(String version, StageHead way) {
    Pass policy = step("--stage kto --method lora --framework-version " + version).get(1);

    assertThat(labels(policy).way()).isEqualTo(way);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--stage dpo --framework axolotl --framework-version 0.8.0",
        "--stage reward --framework llama-factory --method full",
        "--stage reward --framework nemo-rl --strategy megatron --count 2 --tensor 2",
        "--stage rloo --framework ms-swift",
        "--stage ppo --framework verl --count 2 --strategy megatron --method lora",
        "--stage reward --framework megatron-swift",
        "--stage dpo --framework megatron-swift --reference adapter --method lora",
        "--stage ppo --framework trl",
        "--stage dpo --reference adapter --method lora",
        "--stage grpo --engine shared",
        "--stage grpo --engine vllm-colocate --method lora --quantization int8",
        "--stage grpo --count 2 --strategy fsdp2",
        "--stage grpo --reward-models a/b",
        "--stage dpo --loss-type new",
        "--stage dpo --framework-version 1.12.0 --weighting true",
        "--stage kto --framework-version 1.12.0 --loss liger",
        "--stage masked-lm --loss cce"
      })
  void what_is_not_known_is_not_modelled(String flags) {
    assertThatThrownBy(() -> RunPlan.of(Estimates.job("--framework trl " + flags)))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void what_would_have_to_be_known_is_said() {
    assertThat(Estimates.job("--framework openrlhf --stage kto").notModelled())
        .extracting(Gap::toString)
        .containsExactly(
            "objective.stage kto of framework openrlhf (how its trainer makes log-probabilities)");
  }

  static List<Episode> episodes(String flags) {
    return RunPlan.of(Estimates.job(TRL + flags)).episodes();
  }

  static List<Pass> step(String flags) {
    return Stream.of(RunPlan.of(Estimates.job(TRL + flags)).step())
        .flatMap(step -> step.passes().stream())
        .toList();
  }

  static PassHead.LogProbabilities labels(Pass pass) {
    return (PassHead.LogProbabilities) pass.head();
  }
}
