package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Phase;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws between a job and the same job on more GPUs. */
class SpreadPropertiesTest {

  private static final int JOBS = 20;
  private static final Set<String> WHOLE =
      Set.of("gathered parameters", "all-gather buffer", "reduce-scatter buffer");

  private static RandomJob on(RandomJob job, String strategy, int gpus) {
    return job.with(JobKey.STRATEGY, strategy).with(JobKey.GPU_COUNT, Integer.toString(gpus));
  }

  private static void forJobsThatRunOn(String strategy, Consumer<RandomJob> law) {
    RandomJobs.thatRun()
        .assuming(job -> on(new RandomJob(job), strategy, 2).runs())
        .jobs(JOBS)
        .check(job -> law.accept(new RandomJob(job)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fsdp1", "fsdp2"})
  void more_shards_never_keep_more_on_each_gpu(String strategy) {
    forJobsThatRunOn(
        strategy,
        job -> {
          // On one GPU FSDP1 leaves parameters their shapes, by which Adafactor factors its states.
          boolean factors = job.resolved().optimizer().name() == OptimizerName.ADAFACTOR;
          boolean shaped = factors && strategy.equals("fsdp1");
          Stream<Integer> gpus = Stream.of(shaped ? 2 : 1, 2, 4, 8, 64);
          List<Long> kept = gpus.map(n -> loaded(on(job, strategy, n))).toList();

          assertThat(kept).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"fsdp1", "fsdp2", "zero1", "zero2", "zero3"})
  void more_shards_need_no_more_but_for_rows_that_fsdp2_pads(String strategy) {
    forJobsThatRunOn(
        strategy,
        job -> {
          RankEstimate few = on(job, strategy, 2).estimate();
          for (int gpus : new int[] {4, 8, 64}) {
            RankEstimate many = on(job, strategy, gpus).estimate();
            long padding = strategy.equals("fsdp2") ? gathered(many) - gathered(few) : 0;
            few.phasePeaks()
                .forEach(
                    (phase, bytes) ->
                        assertThat(many.phasePeaks().get(phase))
                            .as("%s on %s GPUs", phase.label(), gpus)
                            .isLessThanOrEqualTo(bytes + padding));
            few = many;
          }
        });
  }

  /**
   * Bytes of whole parameters and gradients that a step makes of shards, which more ranks change by
   * padded rows alone.
   */
  private static long gathered(RankEstimate estimate) {
    AllocationTrace trace = estimate.trace();
    return IntStream.range(0, trace.size())
        .filter(i -> trace.kind(i) == AllocationTrace.Kind.ALLOCATE)
        .mapToObj(trace::block)
        .filter(block -> WHOLE.contains(block.name()))
        .mapToLong(Block::bytes)
        .sum();
  }

  @Test
  void one_shard_is_the_whole_model() {
    String flags = "--method full --precision bf16 --strategy ";
    RankEstimate sharded = Estimates.of(Estimates.llama(false), flags + "fsdp2");
    RankEstimate whole = Estimates.of(Estimates.llama(false), flags + "none");

    assertThat(sharded.phasePeaks().get(Phase.LOAD)).isEqualTo(whole.phasePeaks().get(Phase.LOAD));
    assertThat(sharded.allocatedBytes()).isGreaterThan(whole.allocatedBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddp"})
  void a_copy_for_each_gpu_never_needs_less_than_one_gpu(String strategy) {
    forJobsThatRunOn(
        strategy,
        job -> {
          RankEstimate alone = job.estimate();
          RankEstimate copy = on(job, strategy, 2).estimate();

          alone
              .phasePeaks()
              .forEach(
                  (phase, bytes) ->
                      assertThat(copy.phasePeaks().get(phase)).isGreaterThanOrEqualTo(bytes));
        });
  }

  /** But for what is written where parameters do not divide evenly and are padded. */
  @ParameterizedTest
  @ValueSource(strings = {"ddp", "fsdp1", "fsdp2"})
  void thousands_of_gpus_have_a_trace_as_long_as_eight(String strategy) {
    forJobsThatRunOn(
        strategy,
        job -> {
          List<Integer> sizes =
              Stream.of(8, 800, 8000)
                  .map(n -> on(job, strategy, n).estimate().trace().size())
                  .toList();

          assertThat(Collections.max(sizes)).isLessThan(Collections.min(sizes) * 11 / 10);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddp", "fsdp1", "fsdp2"})
  void what_is_gathered_and_communicated_is_given_up_again(String strategy) {
    forJobsThatRunOn(
        strategy,
        job -> {
          Map<String, Long> left = LeftOver.of(on(job, strategy, 4).estimate().trace());

          left.keySet()
              .removeIf(block -> block.matches("(WEIGHTS|ADAPTERS|GRADIENTS|OPTIMIZER) .*"));
          assertThat(left.keySet())
              .isSubsetOf("OTHER inputs", "LOGITS_AND_LOSS loss", "COMMUNICATION gradient buckets");
        });
  }

  private static long loaded(RandomJob job) {
    return job.estimate().phasePeaks().get(Phase.LOAD);
  }
}
