package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.trace.replay.AllocatorOperation;
import dev.vramcast.core.trace.replay.AllocatorReplay;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Laws that hold for every job, whatever its numbers. */
@Order(1)
class JobPropertiesTest {

  private static final int JOBS = 300;

  /** bitsandbytes' two tables of 256 codes, which all 8-bit states share. */
  private static final long CODE_TABLES = 2 * 256 * 4;

  @Test
  void parts_sum_to_the_whole_and_none_is_negative() {
    forAllJobs(
        job -> {
          RankEstimate estimate = job.estimate();

          assertThat(sum(estimate.breakdown())).isEqualTo(estimate.allocatedBytes());
          assertThat(estimate.alive().stream().mapToLong(TraceReading.Alive::bytes).sum())
              .isEqualTo(estimate.allocatedBytes());
          assertThat(estimate.breakdown().values()).allMatch(bytes -> bytes > 0);
          assertThat(estimate.alive()).allMatch(alive -> alive.bytes() > 0 && alive.count() > 0);
          assertThat(estimate.phasePeaks().get(estimate.peakPhase()))
              .isEqualTo(estimate.allocatedBytes());
          assertThat(estimate.phasePeaks().values())
              .allMatch(bytes -> bytes > 0 && bytes <= estimate.allocatedBytes());
        });
  }

  @Test
  void a_device_holds_what_is_reserved_and_that_what_is_allocated() {
    forAllJobs(
        job -> {
          RankEstimate estimate = job.estimate();

          assertThat(estimate.reservedBytes()).isGreaterThanOrEqualTo(estimate.allocatedBytes());
          assertThat(estimate.deviceBytes()).isGreaterThan(estimate.reservedBytes());
          assertThat(estimate.neededBytes(estimate.reservedBytes()))
              .isBetween(estimate.allocatedBytes(), estimate.reservedBytes());
        });
  }

  /**
   * Steps on end hold at most what one holds: nothing is left over, and nothing is missing. What is
   * handed out while the model is loaded is no part of a step, and more than it in small models.
   */
  @Test
  void two_steps_allocate_at_their_peak_what_one_does() {
    forAllJobs(
        job -> {
          RankEstimate estimate = job.estimate();

          long allocated = estimate.allocatedBytes();
          AllocatorReplay steps = new AllocatorReplay(estimate.trace(), AllocatorSettings.DEFAULT);
          assertThat(peak(steps.operations()))
              .isCloseTo(allocated, within(Math.max(allocated / 50, 1L << 20)));
        });
  }

  private static long peak(List<AllocatorOperation> operations) {
    Map<Integer, Long> living = new HashMap<>();
    long bytes = 0;
    long peak = 0;
    for (AllocatorOperation operation : operations) {
      if (operation instanceof AllocatorOperation.Allocate asked) {
        living.put(asked.number(), asked.bytes());
        bytes += asked.bytes();
        peak = Math.max(peak, bytes);
      } else {
        bytes -= living.remove(operation.number());
      }
    }
    return peak;
  }

  @Test
  void the_same_job_gets_the_same_answer() {
    forAllJobs(
        job -> {
          RankEstimate first = job.estimate();
          RankEstimate second = job.estimate();

          assertThat(second.alive()).isEqualTo(first.alive());
          assertThat(second.phasePeaks()).isEqualTo(first.phasePeaks());
          assertThat(second.trace().size()).isEqualTo(first.trace().size());
        });
  }

  @Test
  void a_larger_micro_batch_never_needs_less() {
    forAllJobs(job -> neverLess(job, larger(job, JobKey.MICRO_BATCH, batch(job), 1)));
  }

  /** In steps of 16 tokens: between them SDPA copies masks into rows of 16, and may need more. */
  @Test
  void a_longer_sequence_never_needs_less() {
    forAllJobs(
        job ->
            neverLess(
                job,
                larger(job, JobKey.SEQUENCE_LENGTH, job.resolved().batch().sequenceLength(), 16)));
  }

  @Test
  void a_deeper_model_never_needs_less() {
    forAllJobs(
        job -> {
          for (int layers : new int[] {2, 3, 5, 9}) {
            neverLess(job.deep(layers), job.deep(layers + 1));
          }
        });
  }

  /** Some optimizers store states smaller, or elsewhere, from a number of elements on. */
  @Test
  void a_higher_rank_never_needs_less() {
    forAllJobs(
        job ->
            job.resolved()
                .adapter()
                .filter(adapter -> statesOfOneKind(job.resolved().optimizer().name()))
                .ifPresent(
                    adapter -> neverLess(job, larger(job, JobKey.LORA_RANK, adapter.rank(), 1))));
  }

  private static boolean statesOfOneKind(OptimizerName name) {
    return switch (name) {
      case ADAMW_8BIT, ADAMW_4BIT, PAGED_ADAMW, PAGED_ADAMW_8BIT, LION_8BIT -> false;
      case PAGED_LION, PAGED_LION_8BIT, PAGED_ADEMAMIX, PAGED_ADEMAMIX_8BIT -> false;
      case ADEMAMIX_8BIT, RMSPROP_8BIT, ADALOMO -> false;
      case APOLLO, BADAM, LOMO, ADAM_MINI, ADAMW_CPU -> false;
      case ADEMAMIX, RMSPROP, ADAGRAD, STABLE_ADAMW -> true;
      case SCHEDULE_FREE_RADAM, SCHEDULE_FREE_SGD -> true;
      case ADAMW, ADAFACTOR, LION, SGD, MUON, GALORE, SCHEDULE_FREE_ADAMW, NONE -> true;
      case FLASH_ADAMW -> true;
    };
  }

  @Test
  void checkpointing_never_needs_more_in_the_forward_pass() {
    forAllJobs(
        job -> {
          Map<Phase, Long> kept = job.with(JobKey.CHECKPOINTING, "none").estimate().phasePeaks();
          Map<Phase, Long> freed = job.with(JobKey.CHECKPOINTING, "full").estimate().phasePeaks();

          for (Phase phase : new Phase[] {Phase.FORWARD_LAYERS, Phase.FORWARD_HEAD}) {
            assertThat(freed.get(phase)).as(phase.label()).isLessThanOrEqualTo(kept.get(phase));
          }
        });
  }

  /** Frozen layers keep nothing, whether they have a checkpoint or not. */
  @Test
  void checkpoints_of_some_layers_need_no_less_than_of_all_and_no_more_than_none() {
    forAllJobs(
        job -> {
          if (job.resolved().method() == Method.FREEZE) {
            return;
          }
          RandomJob all = job.deep(5).with(JobKey.CHECKPOINTING, "full");
          long before = forward(all);
          for (String every : List.of("3", "2")) {
            long some = forward(all.with(JobKey.CHECKPOINTING_EVERY, every));
            assertThat(some).isBetween(before, forward(all.with(JobKey.CHECKPOINTING, "none")));
          }
        });
  }

  private static long forward(RandomJob job) {
    return job.estimate().phasePeaks().get(Phase.FORWARD_HEAD);
  }

  @Test
  void an_8_bit_optimizer_never_needs_more_than_its_32_bit_form() {
    forAllJobs(
        job -> {
          RankEstimate narrow = job.with(JobKey.OPTIMIZER_NAME, "adamw-8bit").estimate();
          RankEstimate wide =
              job.with(JobKey.OPTIMIZER_NAME, "adamw")
                  .with(JobKey.OPTIMIZER_IMPLEMENTATION, "bitsandbytes")
                  .estimate();

          narrow
              .phasePeaks()
              .forEach(
                  (phase, bytes) ->
                      assertThat(bytes)
                          .as(phase.label())
                          .isLessThanOrEqualTo(wide.phasePeaks().get(phase) + CODE_TABLES));
        });
  }

  @Test
  void nothing_outlives_the_step_but_the_model_its_gradients_and_what_was_there_before() {
    forAllJobs(
        job -> {
          Map<String, Long> left = LeftOver.of(job.estimate().trace());

          left.keySet().removeIf(JobPropertiesTest::outlivesTheStep);
          assertThat(left).isEqualTo(Map.of("OTHER inputs", inputs(job.resolved())));
        });
  }

  @Test
  void a_deeper_model_has_a_trace_as_long() {
    forAllJobs(
        job -> {
          List<Integer> sizes =
              Stream.of(8, 40, 400)
                  .map(layers -> job.deep(layers).estimate().trace().size())
                  .toList();

          assertThat(sizes).containsOnly(sizes.get(0));
        });
  }

  @Test
  void what_another_thread_foresees_changes_no_figure() {
    forAllJobs(
        job -> {
          RankEstimate alone = job.estimate();
          RankEstimate helped = job.estimate();
          CompletableFuture<Void> foreseen = CompletableFuture.runAsync(helped::foresee);

          assertThat(helped.neededDeviceBytes()).isEqualTo(alone.neededDeviceBytes());
          assertThat(helped.reservedBytes()).isEqualTo(alone.reservedBytes());
          assertThat(helped.deviceBytes()).isEqualTo(alone.deviceBytes());
          foreseen.join();
        });
  }

  private static void forAllJobs(Consumer<RandomJob> law) {
    RandomJobs.thatRun().jobs(JOBS).check(job -> law.accept(new RandomJob(job)));
  }

  private static void neverLess(RandomJob smaller, RandomJob larger) {
    Map<Phase, Long> more = larger.estimate().phasePeaks();
    smaller
        .estimate()
        .phasePeaks()
        .forEach(
            (phase, bytes) ->
                assertThat(more.get(phase)).as(phase.label()).isGreaterThanOrEqualTo(bytes));
  }

  private static RandomJob larger(RandomJob job, JobKey key, int value, int unit) {
    int more = unit * (1 + Math.floorMod(job.document().toMap().hashCode(), 40));
    return job.with(key, Integer.toString(value + more));
  }

  private static int batch(RandomJob job) {
    return job.resolved().batch().microBatch();
  }

  private static long inputs(ResolvedJob job) {
    return 3 * ((job.batch().tokens() * 8 + 511) / 512 * 512);
  }

  /** The loss is reported after the step. */
  private static boolean outlivesTheStep(String block) {
    return block.matches("(WEIGHTS|ADAPTERS|GRADIENTS|OPTIMIZER) .*|LOGITS_AND_LOSS loss");
  }

  private static long sum(Map<Category, Long> breakdown) {
    return breakdown.values().stream().mapToLong(Long::longValue).sum();
  }
}
