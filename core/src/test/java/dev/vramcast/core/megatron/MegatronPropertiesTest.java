package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.property.JobProperty;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Laws that hold for every job on Megatron, with every degree but those that a law changes. */
class MegatronPropertiesTest {

  private static final int JOBS = 60;

  private static final List<Map<String, Object>> MODELS =
      List.of(
          Stages.config("llama", Map.of("num_hidden_layers", 8)),
          Stages.config("llama", Map.of("num_hidden_layers", 8, "tie_word_embeddings", true)),
          Stages.config("qwen3", Map.of("num_hidden_layers", 8)),
          Stages.config("starcoder2", Map.of("num_hidden_layers", 8, "use_bias", true)),
          Stages.config(
              "qwen3_moe",
              Map.of(
                  "num_hidden_layers", 8,
                  "num_experts", 8,
                  "num_experts_per_tok", 2,
                  "moe_intermediate_size", 256)));

  private static JobDocument roll(Random random) {
    int pipeline = Integer.parseInt(pick(random, "1", "2", "4"));
    String flags =
        String.format(
            "--framework megatron --strategy megatron --sequence-length 512 --shard 2"
                + " --sequence-parallel true --pipeline %d --context %s --virtual-pipeline %s"
                + " --checkpointing %s --loss %s --reduce-dtype %s --micro-batch %s"
                + " --optimizer %s",
            pipeline,
            pick(random, "1", "2"),
            pipeline == 1 ? "1" : pick(random, "1", "2"),
            pick(random, "none", "full"),
            pick(random, "full", "triton"),
            pick(random, "fp32", "bf16"),
            pick(random, "1", "2", "3"),
            pick(random, "sgd", "adamw", "adamw", "adamw"));
    return Jobs.of(flags)
        .with(JobKey.MODEL_CONFIG, MODELS.get(random.nextInt(MODELS.size())), Place.of("random"));
  }

  private static String pick(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static void forAllJobs(Consumer<JobDocument> law) {
    JobProperty.forAll(MegatronPropertiesTest::roll)
        .assuming(MegatronPropertiesTest::runs)
        .jobs(JOBS)
        .check(law);
  }

  private static boolean runs(JobDocument job) {
    try {
      return job.has(JobKey.FRAMEWORK_NAME) && !ranks(job, 2, 8, "").isEmpty();
    } catch (InputException e) {
      return false;
    }
  }

  private static List<MegatronRanks.Rank> ranks(
      JobDocument job, int tensor, int microBatches, String more) {
    int gpus = 2 * degree(job, JobKey.PIPELINE) * degree(job, JobKey.CONTEXT) * tensor;
    String flags = "--count %d --tensor %d --grad-accum %d ";
    JobDocument whole = Jobs.with(job, String.format(flags, gpus, tensor, microBatches) + more);
    Architecture model =
        Families.read(new ModelConfig("config.json", whole.modelConfig().orElseThrow()));
    return Stages.ranks(model, JobResolver.resolve(whole).job());
  }

  private static int degree(JobDocument job, JobKey key) {
    return job.value(key, Integer.class).orElse(1);
  }

  private static long peak(JobDocument job, int tensor, int microBatches, String more) {
    return ranks(job, tensor, microBatches, more).stream()
        .mapToLong(rank -> TraceReading.of(rank.traces().device()).peakBytes())
        .max()
        .orElseThrow();
  }

  @Test
  void parts_sum_to_the_whole_and_none_is_negative() {
    forAllJobs(
        job -> {
          for (MegatronRanks.Rank rank : ranks(job, 2, 8, "")) {
            TraceReading reading = TraceReading.of(rank.traces().device());

            assertThat(reading.breakdown().values()).allMatch(bytes -> bytes > 0);
            assertThat(reading.breakdown().values().stream().mapToLong(Long::longValue).sum())
                .as(rank.name())
                .isEqualTo(reading.peakBytes());
          }
        });
  }

  @Test
  void what_a_pass_makes_is_gone_after_the_step() {
    forAllJobs(
        job -> {
          for (MegatronRanks.Rank rank : ranks(job, 2, 8, "")) {
            TraceReading reading = TraceReading.of(rank.traces().device());

            assertThat(reading.phaseEnds().get(Phase.STEP))
                .as(rank.name())
                .isEqualTo(reading.phaseEnds().get(Phase.LOAD));
          }
        });
  }

  @Test
  void more_tensor_parallel_ranks_never_need_more_each() {
    forAllJobs(job -> assertThat(peak(job, 2, 8, "")).isLessThanOrEqualTo(peak(job, 1, 8, "")));
  }

  @Test
  void more_micro_batches_never_need_less() {
    forAllJobs(job -> assertThat(peak(job, 1, 8, "")).isGreaterThanOrEqualTo(peak(job, 1, 4, "")));
  }

  @Test
  void longer_sequences_never_need_less() {
    forAllJobs(
        job ->
            assertThat(peak(job, 1, 8, "--sequence-length 1024"))
                .isGreaterThanOrEqualTo(peak(job, 1, 8, "--sequence-length 512")));
  }

  @Test
  void recomputing_never_needs_more() {
    forAllJobs(
        job ->
            assertThat(peak(job, 1, 8, "--checkpointing full"))
                .isLessThanOrEqualTo(peak(job, 1, 8, "--checkpointing none")));
  }
}
