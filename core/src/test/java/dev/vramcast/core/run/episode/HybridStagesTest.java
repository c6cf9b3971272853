package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.trace.EpisodePeak;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages whose models, engine and optimizer take turns on the same cards. */
class HybridStagesTest {

  private static final String LENGTHS = " --prompt-length 256 --completion-length 256 --count 8 ";
  private static final String EASYR1 =
      "--framework easyr1 --stage grpo --micro-batch 1 --grad-accum 1 --reference copy" + LENGTHS;
  private static final String AWAY = "--offload parameters,optimizer ";
  private static final Map<String, Object> VALUE = config(2);

  private final Architecture llama = Estimates.llama(true);
  private final Gpu card =
      Cards.card("a card", "9.0", new MemorySize(80 << 10, false, 80), "NVLink");

  @Test
  void what_is_offloaded_leaves_the_card_to_the_engine_and_is_back_for_a_step() {
    List<EpisodePeak> staying = episodes(EASYR1);
    List<EpisodePeak> away = episodes(EASYR1 + AWAY);
    long share = Math.round(0.6 * card.allocatableBytes());

    assertThat(labels(away)).containsExactly("load", "generation", "scoring", "step");
    assertThat(peak(away, "generation")).isLessThan(peak(staying, "generation"));
    assertThat(peak(away, "generation") - share).isBetween(0L, 128L << 20);
    assertThat(peak(away, "step")).isLessThan(peak(staying, "step"));
    assertThat(peak(staying, "step") - peak(away, "step")).isCloseTo(reference(), within(4096L));
    assertThat(peak(away, "scoring")).isLessThan(peak(staying, "scoring") - reference());
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0", "0.2, 1", "'', 1"})
  void verl_keeps_a_reference_under_fsdp_on_the_host(String version, int away) {
    String verl =
        EASYR1.replace("easyr1", "verl")
            + (version.isEmpty() ? "" : "--framework-version " + version + " ");
    long copy = 4 * Tensors.count(llama) / 8;

    assertThat(peak(episodes(verl + "--engine-memory-fraction 0.3"), "generation"))
        .isCloseTo(
            peak(
                    episodes(verl.replace("copy", "none") + "--engine-memory-fraction 0.3"),
                    "generation")
                + (1 - away) * copy,
            within(4096L));
  }

  /** A shard of a copy in bf16: FSDP's CPU offload keeps it on the host. */
  private long reference() {
    return 2 * Tensors.count(llama) / 8;
  }

  @Test
  void an_engine_that_sleeps_gives_its_share_back_to_the_driver() {
    RankEstimate rank = estimate(EASYR1 + AWAY).worst();

    assertThat(rank.reservedBytes()).isEqualTo(rank.allocatedBytes());
    assertThat(rank.replay().runs(rank.allocatedBytes())).isTrue();
  }

  @Test
  void the_policy_scores_every_batch_and_then_its_reference() {
    assertThat(passes(EASYR1, 2))
        .extracting(Pass::model)
        .containsExactly(ResidentModel.POLICY, ResidentModel.REFERENCE);
    assertThat(passes(EASYR1 + "--method lora --reference adapter-off ", 2))
        .extracting(Pass::adapters)
        .containsExactly(true, false);
  }

  @Test
  void a_reference_that_changes_places_with_the_policy_takes_no_memory() {
    String nemo = "--framework nemo-rl --stage grpo --micro-batch 1" + LENGTHS;

    assertThat(passes(nemo + "--reference copy ", 2))
        .extracting(Pass::model)
        .containsExactly(ResidentModel.POLICY, ResidentModel.POLICY);
    long copied = peak(episodes(nemo + "--reference copy "), "step");
    long none = peak(episodes(nemo + "--reference none "), "step");
    assertThat(copied).isCloseTo(none, within(1L << 20));
  }

  @Test
  void pairs_are_compared_before_a_step_by_whoever_swaps_the_reference_in() {
    String nemo = "--framework nemo-rl --stage dpo --micro-batch 1 --count 8 --reference ";

    assertThat(labels(episodes(nemo + "copy"))).containsExactly("load", "scoring", "step");
    assertThat(labels(episodes(nemo + "none"))).containsExactly("load", "step");
    assertThat(passes(nemo + "copy", 1))
        .extracting(Pass::model, Pass::graph)
        .containsExactly(tuple(ResidentModel.POLICY, false));
    assertThat(passes(nemo + "copy", 2)).extracting(Pass::graph).containsExactly(true);
  }

  @Test
  void ppo_holds_four_models_and_updates_two() {
    String ppo = "--stage ppo --framework verl --micro-batch 1 --reference copy" + LENGTHS;
    RunPlan plan = RunPlan.of(job(ppo, VALUE));

    assertThat(((Episode.Load) plan.episodes().get(0)).models())
        .containsExactly(
            ResidentModel.POLICY,
            ResidentModel.REFERENCE,
            ResidentModel.VALUE,
            ResidentModel.REWARD);
    assertThat(plan.episodes())
        .extracting(Episode::label)
        .containsExactly("load", "generation", "scoring", "step", "value step");
    assertThat(plan.episodes().get(2).passes())
        .extracting(Pass::model)
        .containsExactly(
            ResidentModel.POLICY,
            ResidentModel.REFERENCE,
            ResidentModel.REWARD,
            ResidentModel.VALUE);
  }

  @Test
  void a_value_model_has_gradients_and_states_of_its_own() {
    String ppo = "--stage ppo --framework deepspeed --strategy none --engine none --method full ";
    long parameters = Tensors.count(Families.classifying(new ModelConfig("config", VALUE), 1));
    long less = Tensors.count(Families.classifying(new ModelConfig("config", config(1)), 1));

    assertThat(valueStep(ppo, VALUE) - valueStep(ppo, config(1)))
        .isGreaterThan(8 * (parameters - less));
  }

  private long valueStep(String flags, Map<String, Object> value) {
    RankEstimate rank =
        MemoryEstimator.estimate(llama, job(flags, value), Optional.of(card)).worst();
    return peak(rank.episodes(), "value step");
  }

  @Test
  void the_policy_and_the_value_model_of_trl_are_one_to_their_optimizer() {
    RunPlan plan =
        RunPlan.of(job("--stage ppo --framework trl --framework-version 0.24.0 ", VALUE));

    assertThat(plan.step().passes())
        .extracting(Pass::model)
        .containsExactly(ResidentModel.VALUE, ResidentModel.POLICY);
    assertThat(plan.step().passes()).allMatch(Pass::graph);
  }

  @Test
  void logits_of_completions_that_trl_keeps_stay_through_the_step() {
    String ppo = "--stage ppo --framework trl --framework-version 0.29.1 --engine transformers ";

    assertThat(step(ppo + "--micro-batch 1 --grad-accum 4 --completion-length 64"))
        .isGreaterThan(step(ppo + "--micro-batch 1 --grad-accum 2 --completion-length 64"));
    assertThat(job(ppo, VALUE).checkpointing()).isEqualTo(Checkpointing.NONE);
  }

  @ParameterizedTest
  @CsvSource({"4.57.6, BF16_MIXED", "5.0.0, BF16", "5.24.0, BF16"})
  void transformers_5_tells_no_other_loop_of_its_autocast(String release, Precision precision) {
    String ppo =
        "--stage ppo --framework trl --framework-version 1.12.0 --model-dtype bf16"
            + " --precision bf16-mixed ";

    assertThat(job(ppo + "--transformers " + release, VALUE).precision()).isEqualTo(precision);
  }

  @Test
  void the_loop_of_trl_asks_no_model_for_checkpoints_and_drops_nothing_out() {
    ResolvedJob job =
        job("--stage ppo --framework trl --framework-version 1.9.2 --checkpointing full", VALUE);

    assertThat(job.checkpointing()).isEqualTo(Checkpointing.NONE);
    assertThat(job.frameworkCode().stages().withoutDropout()).contains(Stage.PPO);
  }

  private long step(String flags) {
    return peak(
        MemoryEstimator.estimate(llama, job(flags, VALUE), Optional.of(card)).worst().episodes(),
        "step");
  }

  @Test
  void a_hybrid_engine_has_all_weights_of_zero3_gathered_while_it_generates() {
    String ppo =
        "--stage ppo --framework deepspeed --strategy zero3 --method full --model-dtype fp16"
            + " --precision fp16 --engine deepspeed-hybrid --micro-batch 1"
            + LENGTHS;
    long one = generation(ppo);
    long four = generation(ppo + "--engine-tensor 4 ");

    assertThat(one - four).isEqualTo(2 * Tensors.count(llama) * 3 / 4);
  }

  /** trl/models/utils.py unwrap_model_for_generation; adapters have next to no states. */
  @Test
  void trl_has_all_weights_of_zero3_gathered_while_transformers_generates() {
    String grpo =
        "--stage grpo --framework trl --strategy zero3 --method lora --model-dtype bf16"
            + " --precision bf16-mixed --engine transformers --micro-batch 1"
            + LENGTHS;
    List<EpisodePeak> episodes = episodes(grpo);

    assertThat(peak(episodes, "generation") - peak(episodes, "load"))
        .isGreaterThan(2 * Tensors.count(llama));
  }

  private long generation(String flags) {
    return peak(
        MemoryEstimator.estimate(llama, job(flags, VALUE), Optional.of(card)).worst().episodes(),
        "generation");
  }

  @ParameterizedTest
  @CsvSource({"--pipeline 2, pipeline stage 1 of 2", "--tensor 2, every rank"})
  void megatron_generates_scores_and_trains_in_turns(String degrees, String name) {
    String nemo =
        "--framework nemo-rl --stage grpo --strategy megatron --model-dtype bf16 --precision bf16"
            + " --master-weights true --micro-batch 1 --grad-accum 4"
            + LENGTHS;
    RankEstimate rank = estimate(nemo + degrees + " ").ranks().get(0);

    assertThat(rank.name()).isEqualTo(name);
    assertThat(labels(rank.episodes())).containsExactly("load", "generation", "scoring", "step");
    assertThat(peak(rank.episodes(), "scoring")).isLessThan(peak(rank.episodes(), "step"));
    assertThat(rank.reservedBytes()).isEqualTo(rank.allocatedBytes());
  }

  @Test
  void an_engine_that_nobody_gives_gpus_takes_as_many_as_hold_its_weights() {
    ResolvedJob job = Estimates.job("--framework nemo-rl --stage grpo --micro-batch 1" + LENGTHS);

    assertThat(job.engineDegree(10, 0, 11)).isEqualTo(1);
    assertThat(job.engineDegree(40, 0, 11)).isEqualTo(4);
    assertThat(job.engineDegree(400, 0, 11)).isEqualTo(8);
    assertThat(Estimates.job(EASYR1).engineDegree(40, 0, 11)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--value-model a/b", "--reward-models a/b", "--reward-models a/b,c/d"})
  void a_name_alone_says_nothing_of_a_model_beside_the_policy(String flags) {
    ResolvedJob job = Estimates.job("--stage ppo --framework verl --count 2 " + flags);

    assertThat(job.notModelled()).extracting(Gap::toString).anyMatch(gap -> gap.contains("a/b"));
    assertThatThrownBy(() -> RunPlan.of(job)).isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void an_engine_asks_for_no_more_than_the_card_has_beside_shards() {
    assertThatThrownBy(() -> episodes(EASYR1 + "--engine-memory-fraction 0.9999 "))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("does not start", "a fraction of at most");
  }

  private MemoryEstimate estimate(String flags) {
    return MemoryEstimator.estimate(llama, Estimates.job(flags), Optional.of(card));
  }

  private List<EpisodePeak> episodes(String flags) {
    return estimate(flags).worst().episodes();
  }

  private static List<Pass> passes(String flags, int episode) {
    return RunPlan.of(Estimates.job(flags)).episodes().get(episode).passes();
  }

  private static long peak(List<EpisodePeak> episodes, String label) {
    return episodes.stream()
        .filter(each -> each.episode().label().equals(label))
        .mapToLong(EpisodePeak::bytes)
        .findFirst()
        .orElseThrow();
  }

  private static List<String> labels(List<EpisodePeak> episodes) {
    return episodes.stream().map(each -> each.episode().label()).toList();
  }

  /** With the config of a value model, which scores too. */
  private static ResolvedJob job(String flags, Map<String, Object> config) {
    JobDocument usual =
        JobDocument.empty()
            .withFlag(JobKey.SEQUENCE_LENGTH, "512")
            .with(JobKey.VALUE_MODEL, config, Place.of("test"))
            .with(JobKey.REWARD_MODELS, List.of(config), Place.of("test"));
    return JobResolver.resolve(Jobs.with(usual, flags)).job();
  }

  private static Map<String, Object> config(int layers) {
    return Map.of(
        "model_type", "llama",
        "hidden_size", 256,
        "intermediate_size", 512,
        "num_hidden_layers", layers,
        "num_attention_heads", 4,
        "vocab_size", 1024);
  }
}
