package dev.vramcast.core.run.episode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.run.episode.PassHead.Reports;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trainers of preferences as TRL had them before 1.0, against sizes computed by hand. */
class EarlierTrainersTest {

  private static final String PAIRS =
      "--framework trl --model-dtype bf16 --micro-batch 2 --grad-accum 1 --checkpointing none"
          + " --transformers 4.46 --torch 2.5 --precision bf16-mixed --stage ";

  /** Four sequences of 512 tokens and 8192 words in fp32. */
  private static final long LOGITS = 4L * 512 * 8192 * 4;

  @ParameterizedTest
  @CsvSource({
    "0.9, AT_ONCE",
    "0.14, AT_ONCE",
    "0.15, SEQUENCES",
    "1.13, SEQUENCES",
    "1.14, KERNEL"
  })
  void log_probabilities_are_of_all_logits_at_once_until_0_14(String trl, StageHead way) {
    for (String stage : List.of("dpo --reference adapter-off", "kto", "orpo", "cpo")) {
      assertThat(labels(passes(stage + " --method lora", trl).get(0)).way()).isEqualTo(way);
    }
  }

  @Test
  void completions_were_scored_in_a_loop_over_sequences_from_the_first() {
    assertThat(labels(passes("grpo --method lora --engine none", "0.14").get(0)).way())
        .isEqualTo(StageHead.SEQUENCES);
  }

  /**
   * The policy's logits, its log-probabilities and those of the chosen half for a loss that is not
   * asked for; of the reference logits, a copy of those that are scored and its log-probabilities.
   */
  @Test
  void policy_and_reference_of_dpo_need_five_and_a_half_times_the_logits_in_0_11() {
    long needed = logits("dpo --method lora", "0.11.4");

    assertThat(needed).isBetween(11 * LOGITS / 2 - LOGITS / 50, 11 * LOGITS / 2 + LOGITS / 50);
  }

  /** Since 0.12 nothing but the policy's log-probabilities is there when the reference runs. */
  @Test
  void the_policy_of_dpo_keeps_its_log_probabilities_alone_in_0_12() {
    long needed = logits("dpo --method lora", "0.12.2");

    assertThat(needed).isBetween(4 * LOGITS - LOGITS / 50, 4 * LOGITS + LOGITS / 50);
  }

  @ParameterizedTest
  @CsvSource({"0.14, false", "0.15, true", "0.28, true", "0.29, false"})
  void labels_are_rolled_from_0_15_to_0_28(String trl, boolean every) {
    PassHead.LogProbabilities policy = labels(passes("dpo --method lora", trl).get(0));

    assertThat(policy.details().contains(Detail.EVERY_TOKEN)).isEqualTo(every);
    assertThat(policy.reports() == Reports.MEANS).isEqualTo(!trl.equals("0.29"));
  }

  /**
   * Two layers and the embedding, 2048 tokens of 1024 features in fp32 and what they are made of.
   */
  @Test
  void hidden_states_of_all_layers_are_returned_since_0_19() {
    String flags = "dpo --method lora";
    long since = of(flags, "0.19").phasePeaks().get(Phase.NO_GRAD_HEAD);
    long before = of(flags, "0.18").phasePeaks().get(Phase.NO_GRAD_HEAD);
    long states = (Estimates.llama(true).layerCount() + 1L) * 2048 * hidden();

    assertThat(since - before).isBetween(4 * states, 6 * states);
  }

  private static long hidden() {
    return Estimates.llama(true).hiddenSize();
  }

  @ParameterizedTest
  @CsvSource({"0.16, true", "0.17, false"})
  void logits_of_other_answers_are_named_beside_the_batch_until_0_16(String trl, boolean named) {
    List<Pass> passes = passes("kto --method lora", trl);

    assertThat(passes).hasSize(4);
    assertThat(labels(passes.get(0)).details().contains(Detail.NAMED_ON)).isEqualTo(named);
    long more = of("kto --method lora", "0.16").allocatedBytes();
    assertThat(more).isGreaterThan(of("kto --method lora", "0.17").allocatedBytes());
  }

  @Test
  void answers_are_scored_by_two_passes_until_0_23() {
    assertThat(passes("reward --method full", "0.23"))
        .extracting(Pass::batch)
        .containsExactly(new PassBatch(2, 512), new PassBatch(2, 512));
    assertThat(passes("reward --method full", "0.24"))
        .extracting(Pass::batch)
        .containsExactly(new PassBatch(4, 512));
  }

  @Test
  void gradients_of_both_passes_are_one() {
    long two = scored("0.23").phasePeaks().get(Phase.STEP);
    long one = scored("0.24").phasePeaks().get(Phase.STEP);

    assertThat(two - one).isBetween(-LOGITS / 1000, LOGITS / 1000);
  }

  @ParameterizedTest
  @CsvSource({"4.45, 4", "4.46, 2"})
  void models_without_labels_return_fp32_logits_until_transformers_4_45(
      String transformers, int bytes) {
    String flags = "orpo --method full --precision bf16 --framework-version 0.11.4";
    RankEstimate rank =
        Estimates.of(
            Estimates.llama(true),
            PAIRS.replace("--transformers 4.46", "--transformers " + transformers) + flags);
    long ofLoss = rank.phasePeaks().get(Phase.BACKWARD_HEAD);

    assertThat(ofLoss).isGreaterThan(bytes * LOGITS / 4 * 3);
  }

  @Test
  void rloo_of_0_21_is_another_trainer() {
    assertThatThrownBy(() -> passes("rloo --method lora --engine none", "0.21"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("objective.stage");
    assertThat(passes("rloo --method lora --engine none", "0.22")).hasSize(1);
  }

  private static List<Pass> passes(String flags, String trl) {
    String job = PAIRS + flags + " --framework-version " + trl;
    return Stream.of(RunPlan.of(Estimates.job(job)).step())
        .flatMap(step -> step.passes().stream())
        .toList();
  }

  private static RankEstimate scored(String trl) {
    String flags = PAIRS + "reward --method full --framework-version " + trl;
    Architecture model =
        TrainedModel.read(
            new ModelConfig("config.json", Estimates.config("llama", Map.of())),
            Estimates.job(flags).objective());
    return Estimates.of(model, flags);
  }

  private static PassHead.LogProbabilities labels(Pass pass) {
    return (PassHead.LogProbabilities) pass.head();
  }

  private static long logits(String flags, String trl) {
    return of(flags, trl).breakdown().get(Category.LOGITS_AND_LOSS);
  }

  private static RankEstimate of(String flags, String trl) {
    return Estimates.of(Estimates.llama(true), PAIRS + flags + " --framework-version " + trl);
  }
}
