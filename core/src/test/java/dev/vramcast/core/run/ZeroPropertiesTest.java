package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.property.JobProperty;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Laws of jobs up to the random choices that DeepSpeed's ZeRO runs. */
class ZeroPropertiesTest {

  private static final int JOBS = 30;

  /** What is there all the time, beside the inputs and the loss that the loop holds. */
  private static final Set<String> RESIDENT =
      Set.of(
          "reduce bucket",
          "gradient staging buffer",
          "persistent parameters",
          "inputs",
          "loss",
          "master weights",
          "optimizer states");

  @Test
  void parts_sum_to_the_whole() {
    forAllJobs(
        job -> {
          RankEstimate estimate = job.estimate();

          assertThat(estimate.breakdown().values().stream().mapToLong(Long::longValue).sum())
              .isEqualTo(estimate.allocatedBytes());
          assertThat(estimate.breakdown().values()).allMatch(bytes -> bytes >= 0);
          assertThat(estimate.hostBytes()).isNotNegative();
        });
  }

  @Test
  void what_is_gathered_or_reduced_is_gone_after_the_step() {
    forAllJobs(
        job -> {
          Map<String, Long> left = LeftOver.of(job.estimate().trace());

          left.keySet().removeIf(name -> name.matches("(WEIGHTS|ADAPTERS) .*"));
          left.keySet().removeIf(name -> RESIDENT.contains(name.substring(name.indexOf(' ') + 1)));
          left.remove("GRADIENTS gradient buffer");
          assertThat(left).isEmpty();
        });
  }

  @Test
  void of_a_deep_model_a_hundred_layers_are_written_at_most() {
    forAllJobs(
        job -> {
          int shallow = job.deep(8).estimate().trace().size();

          assertThat(job.deep(1_000).estimate().trace().size()).isLessThan(64 * shallow);
        });
  }

  @Test
  void offloading_the_optimizer_needs_less_of_the_gpu_and_more_of_the_host() {
    forAllJobs(
        job -> {
          RankEstimate here = job.without(JobKey.OFFLOAD).estimate();
          RankEstimate there = job.with(JobKey.OFFLOAD, "optimizer").estimate();

          assertThat(there.hostBytes()).isGreaterThan(here.hostBytes());
          assertThat(states(there)).isZero();
          assertThat(states(here)).isPositive();
        });
  }

  @Test
  void more_gpus_need_no_more_for_states() {
    forAllJobs(
        job -> {
          RankEstimate two = job.with(JobKey.GPU_COUNT, "2").estimate();
          RankEstimate eight = job.with(JobKey.GPU_COUNT, "8").estimate();

          assertThat(states(eight)).isLessThanOrEqualTo(states(two));
        });
  }

  private static long states(RankEstimate estimate) {
    return estimate.breakdown().getOrDefault(dev.vramcast.core.trace.Category.OPTIMIZER, 0L);
  }

  private static void forAllJobs(Consumer<RandomJob> law) {
    JobProperty.forAll(ZeroPropertiesTest::roll)
        .assuming(job -> new RandomJob(job).runs() && isZero(job))
        .jobs(JOBS)
        .check(job -> law.accept(new RandomJob(job)));
  }

  private static JobDocument roll(Random random) {
    return RandomJobs.roll(random)
        .withFlag(JobKey.STRATEGY, pick(random, "zero1", "zero2", "zero3"))
        .withFlag(JobKey.GPU_COUNT, pick(random, "1", "2", "8"))
        .withFlag(JobKey.OFFLOAD, pick(random, "activations", "optimizer"))
        .withFlag(JobKey.OPTIMIZER_NAME, "adamw")
        .withFlag(JobKey.OPTIMIZER_IMPLEMENTATION, "deepspeed");
  }

  /** So that a job stays one when it is shrunk. */
  private static boolean isZero(JobDocument job) {
    return job.has(JobKey.STRATEGY) && job.has(JobKey.OPTIMIZER_IMPLEMENTATION);
  }

  private static String pick(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }
}
