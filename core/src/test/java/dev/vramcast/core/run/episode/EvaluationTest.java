package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.traits.StackTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.code.ModelingCode;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.Version;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Evaluations between steps. */
class EvaluationTest {

  static final String NEW = "--transformers 5.24.0 --torch 2.15.0 --padding packed ";
  static final String TRAINER = NEW + "--method lora --checkpointing full ";
  static final String TRL = NEW + "--framework trl --framework-version 1.16.0 ";
  private static final long WORDS = 8192;
  private static final long TOKENS = 8 * 512;

  private final Architecture llama = Estimates.llama(false);

  @Test
  void an_evaluation_runs_between_load_and_step_over_eight_sequences_by_default() {
    Episode.Evaluation evaluation = evaluation(TRAINER + "--evaluation-batches 2");
    Pass pass = new Pass(ResidentModel.POLICY, false, new PassBatch(8, 512), LossKernel.FULL);

    assertThat(evaluation).isEqualTo(new Episode.Evaluation(List.of(pass), 0));
    assertThat(RunPlan.of(Estimates.job(TRAINER + "--evaluation-batches 2")).episodes())
        .extracting(Episode::label)
        .containsExactly("load", "evaluation", "step");
  }

  /** The whole model's config, in which a trainer forbids it, is not everybody's. */
  @ParameterizedTest
  @CsvSource({
    "gemma3, 5.24.0, true",
    "qwen2_5_vl, 4.57.6, true",
    "llava_next, 4.57.6, true",
    "llava_next, 5.24.0, false",
    "mistral3, 5.24.0, false",
    "idefics3, 4.57.6, false",
    "smolvlm, 5.24.0, false",
  })
  void language_models_with_a_config_of_their_own_cache_keys_and_values(
      String type, String transformers, boolean caches) {
    Architecture model = Estimates.model(type, Map.of());
    assertThat(new ModelingCode(model.traits(), Version.parse(transformers)).cachesBelow())
        .isEqualTo(caches);
  }

  @Test
  void a_cache_is_held_until_an_evaluated_model_returns() {
    Architecture caching = Estimates.model("qwen2_5_vl", Configs.TOWER);
    Architecture bare =
        caching.toBuilder().traits(caching.traits().cachesBelow(Versions.NONE)).build();
    String job = TRAINER + "--evaluation-batches 1 --sequence-length 512 ";

    assertThat(bytes(Estimates.of(caching, job), 1))
        .isGreaterThan(bytes(Estimates.of(bare, job), 1));
    assertThat(bytes(Estimates.of(caching, job), 2)).isEqualTo(bytes(Estimates.of(bare, job), 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--evaluation-batches 0", "--evaluation-batch 4"})
  void a_job_that_does_not_say_so_does_not_evaluate(String flags) {
    assertThat(RunPlan.of(Estimates.job(TRAINER + flags)).episodes())
        .noneMatch(Episode.Evaluation.class::isInstance);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework transformers, 8",
    "--framework trl --framework-version 1.16.0, 8",
    "--framework llama-factory, 8",
    "--framework axolotl --micro-batch 3, 3",
    "--framework ms-swift --micro-batch 4, 1",
    "--framework unsloth --micro-batch 2, 2",
    "--framework unsloth --micro-batch 16, 8",
    "--framework axolotl --micro-batch 3 --evaluation-batch 5, 5",
  })
  void every_framework_has_a_batch_of_its_own(String flags, int sequences) {
    Episode.Evaluation evaluation = evaluation(flags + " --evaluation-batches 1");

    assertThat(evaluation.passes().get(0).batch().sequences()).isEqualTo(sequences);
  }

  @Test
  void logits_their_fp32_copy_and_its_log_softmax_decide() {
    RankEstimate rank = Estimates.of(llama, TRAINER + "--micro-batch 1 --evaluation-batches 2");
    long logits = TOKENS * WORDS * (2 + 4 + 4);

    assertThat(rank.peakEpisode()).isInstanceOf(Episode.Evaluation.class);
    assertThat(rank.allocatedBytes()).isGreaterThan(rank.stepBytes());
    assertThat(bytes(rank, 1) - bytes(rank, 0)).isBetween(logits, logits + (30L << 20));
  }

  @Test
  void logits_of_all_batches_and_their_copy_stay_where_there_are_metrics() {
    String flags = TRAINER + "--evaluation-metrics true --evaluation-batches ";
    long three = bytes(Estimates.of(llama, flags + 3), 1);
    long four = bytes(Estimates.of(llama, flags + 4), 1);
    long moved = bytes(Estimates.of(llama, flags + "9 --evaluation-accumulation-steps 3"), 1);
    // One more batch of logits and labels in what is copied, and in the copy.
    long batch = 2 * TOKENS * (4 * WORDS + 8);

    assertThat(four - three).isEqualTo(batch);
    assertThat(moved).isEqualTo(three);
  }

  @Test
  void every_rank_gathers_the_logits_of_all() {
    String flags = TRAINER + "--evaluation-metrics true --evaluation-batches 2 --strategy ddp ";
    long one = bytes(Estimates.of(llama, flags + "--count 2"), 1);
    long two = bytes(Estimates.of(llama, flags + "--count 4"), 1);

    assertThat(two - one).isEqualTo(2L * 2 * 2 * TOKENS * (4 * WORDS + 8));
  }

  @ParameterizedTest
  @CsvSource({"torchtune, CHUNKED", "litgpt, FULL"})
  void frameworks_with_models_of_their_own_run_the_passes_of_a_step(
      String framework, LossKernel loss) {
    Episode.Evaluation evaluation =
        evaluation("--micro-batch 3 --evaluation-batches 5 --framework " + framework);

    assertThat(heads(evaluation)).containsExactly(new PassHead.Loss(loss));
    assertThat(evaluation.passes().get(0).batch().sequences()).isEqualTo(3);
    assertThat(evaluation.gathered()).isZero();
  }

  @Test
  void a_head_without_logits_takes_a_second_pass_for_them() {
    assertThat(heads(evaluation(TRL + "--evaluation-batches 2 --evaluation-metrics true")))
        .containsExactly(new PassHead.Loss(LossKernel.CHUNKED), new PassHead.Logits());
    assertThat(heads(evaluation(TRL + "--evaluation-batches 2")))
        .containsExactly(new PassHead.Loss(LossKernel.CHUNKED));
  }

  @ParameterizedTest
  @CsvSource({
    "--transformers 5.14.0, FULL",
    "--transformers 5.15.0, LIGER",
    "--transformers 5.15.0 --evaluation-metrics true, FULL",
    "--framework trl --framework-version 0.28.0 --transformers 4.57.0, FULL",
    "--framework trl --framework-version 0.29.0 --transformers 4.57.0, LIGER",
  })
  void liger_is_fused_in_evaluation_where_it_is_told_to_skip_logits(
      String flags, LossKernel kernel) {
    assertThat(heads(evaluation("--loss liger --evaluation-batches 2 " + flags)))
        .containsExactly(new PassHead.Loss(kernel));
  }

  @Test
  void keys_and_values_are_returned_where_nobody_says_no() {
    String flags = "--method lora --padding packed --evaluation-batches 1 ";
    String older = flags + "--transformers 4.57.0 --checkpointing ";
    String silent = flags + "--transformers 5.4.0 --checkpointing ";
    // Two layers of keys and values of 2 heads of 128.
    long cache = 2 * 2 * TOKENS * 2 * 128 * 2;

    assertThat(evaluated(older + "none") - evaluated(silent + "none")).isEqualTo(cache);
    assertThat(evaluated(older + "full")).isEqualTo(evaluated(older + "none"));
    // prepare_model_for_training says no where it checkpoints, and configure_kv_cache since 0.9.3.
    String newest = " --framework llama-factory --framework-version 0.9.3";
    assertThat(evaluated(older + "none" + newest)).isEqualTo(evaluated(older + "full" + newest));
    String factory = " --framework llama-factory --framework-version 0.9.2";
    assertThat(evaluated(older + "none" + factory) - evaluated(older + "full" + factory))
        .isEqualTo(cache);
  }

  @Test
  void a_config_that_says_no_cache_has_none() {
    String flags =
        "--method lora --padding packed --evaluation-batches 1 --transformers 4.57.0"
            + " --checkpointing full";
    Architecture refusing = llama.toBuilder().traits(llama.traits().withoutCache()).build();

    assertThat(evaluated(flags)).isGreaterThan(bytes(Estimates.of(refusing, flags), 1));
    assertThat(Estimates.model("llama", Map.of("use_cache", false)).traits().stack().caching())
        .matches(StackTraits.Caching::refused);
  }

  @Test
  void pairs_are_compared_as_in_a_step() {
    Episode.Evaluation evaluation =
        evaluation(TRL + "--method lora --stage dpo --micro-batch 1 --evaluation-batches 2");

    assertThat(evaluation.passes()).hasSize(2).noneMatch(Pass::graph);
    assertThat(evaluation.passes()).allMatch(pass -> pass.batch().sequences() == 16);
    assertThat(evaluation.passes().get(1).adapters()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--framework torchtitan | evaluation.batches of framework torchtitan (how it evaluates) is"
            + " not modelled yet",
        "--framework trl --framework-version 1.16.0 --evaluation-new-tokens 8 | "
            + "evaluation.new_tokens of framework trl in objective.stage sft is not modelled yet,"
            + " modelled: transformers, llama-factory",
        "--framework trl --framework-version 0.29.1 --stage kto --evaluation-new-tokens 8 | "
            + "evaluation.new_tokens of objective.stage kto (what its reference generates) is not"
            + " modelled yet, modelled: orpo, cpo",
        "--framework trl --framework-version 0.28.0 --stage dpo --evaluation-new-tokens 8 | "
            + "evaluation.new_tokens of objective.stage dpo (what its reference generates) is not"
            + " modelled yet, modelled: orpo, cpo",
        "--framework ms-swift --evaluation-new-tokens 8 | evaluation.new_tokens of framework "
            + "ms-swift (how its evaluation generates) is not modelled yet",
        "--strategy fsdp2 --count 2 --evaluation-new-tokens 8 | evaluation.new_tokens under "
            + "parallelism.strategy fsdp2 is not modelled yet",
        "--framework litgpt --evaluation-metrics true | evaluation.metrics of framework litgpt is"
            + " not modelled yet",
        "--framework trl --framework-version 1.16.0 --stage grpo --group-size 2 | "
            + "evaluation.batches of objective.stage grpo is not modelled yet",
        "--loss cce --evaluation-metrics true | evaluation.metrics with loss cce is not modelled"
            + " yet",
        "--framework trl --framework-version 1.14.0 --evaluation-metrics true | evaluation.metrics"
            + " with loss chunked is not modelled yet",
        "--framework trl --framework-version 1.16.0 --stage dpo --evaluation-metrics true | "
            + "evaluation.metrics of objective.stage dpo is not modelled yet",
      })
  void what_is_not_described_of_an_evaluation_is_named(String flags, String message) {
    ResolvedJob job = Estimates.job(flags + " --evaluation-batches 2");

    assertThatThrownBy(() -> RunPlan.of(job))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage(message);
  }

  @Test
  void a_batch_beyond_any_memory_is_refused_with_both_keys() {
    String flags = TRAINER + "--evaluation-batches 1 --evaluation-batch 1000000";

    assertThatThrownBy(() -> Estimates.of(llama, flags + " --sequence-length 100000"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "evaluation.micro_batch 1000000 x batch.sequence_length 100000 is too large for any"
                + " memory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method lora --dropout 0.1",
        "--method qlora --grad-accum 2",
        "--method full --strategy fsdp2 --count 2",
        "--method full --strategy fsdp1 --count 2",
        "--method full --strategy zero3 --count 2",
        "--method full --offload activations",
      })
  void an_evaluation_leaves_nothing_to_the_step(String flags) {
    RankEstimate alone = Estimates.of(llama, NEW + flags);
    RankEstimate both = Estimates.of(llama, NEW + flags + " --evaluation-batches 2");

    assertThat(both.stepBytes()).isEqualTo(alone.stepBytes());
    assertThat(both.phasePeaks()).containsAllEntriesOf(ofStep(alone));
  }

  @Test
  void a_group_that_keeps_its_parameters_for_a_backward_pass_keeps_them_without_one() {
    String flags = NEW + "--method full --precision bf16 --strategy fsdp2 --count 4 ";
    RankEstimate rank = Estimates.of(llama, flags + "--root-group split --evaluation-batches 1");

    // Final norm and head, while the loss is computed behind them.
    assertThat(rank.peakEpisode()).isInstanceOf(Episode.Evaluation.class);
    assertThat(rank.breakdown()).containsEntry(Category.GATHERED, (WORDS * 1024 + 1024) * 2);
  }

  private static Map<Phase, Long> ofStep(RankEstimate rank) {
    Map<Phase, Long> peaks = new EnumMap<>(rank.phasePeaks());
    peaks.remove(Phase.LOAD);
    return peaks;
  }

  static Episode.Evaluation evaluation(String flags) {
    return RunPlan.of(Estimates.job(flags)).episodes().stream()
        .filter(Episode.Evaluation.class::isInstance)
        .map(Episode.Evaluation.class::cast)
        .findFirst()
        .orElseThrow();
  }

  static List<PassHead> heads(Episode.Evaluation evaluation) {
    return evaluation.passes().stream().map(Pass::head).toList();
  }

  private long evaluated(String flags) {
    return bytes(Estimates.of(llama, flags), 1);
  }

  static long bytes(RankEstimate rank, int episode) {
    EpisodePeak peak = rank.episodes().get(episode);
    return peak.bytes();
  }
}
