package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws that hold for every job on Megatron, whatever the random choices say. */
class MegatronPropertiesTest {

  private static final int THROWS = 60;

  private static final List<Architecture> MODELS =
      List.of(
          Stages.llama(8),
          Stages.model("llama", Map.of("num_hidden_layers", 8, "tie_word_embeddings", true)),
          Stages.model("qwen3", Map.of("num_hidden_layers", 8)),
          Stages.model("starcoder2", Map.of("num_hidden_layers", 8, "use_bias", true)),
          Stages.model(
              "qwen3_moe",
              Map.of(
                  "num_hidden_layers", 8,
                  "num_experts", 8,
                  "num_experts_per_tok", 2,
                  "moe_intermediate_size", 256)));

  /** A job with every way of parallelism but those that a test turns. */
  record Throw(Architecture model, int pipeline, int context, String flags) {

    private long peak(int tensor, int microBatches, String more) {
      int count = 2 * pipeline * context * tensor;
      String degrees =
          "--count %d --shard 2 --pipeline %d --context %d --tensor %d --grad-accum %d"
              + " --sequence-parallel true ";
      String all = String.format(degrees, count, pipeline, context, tensor, microBatches) + flags;
      return Stages.ranks(model, all + more).stream()
          .mapToLong(rank -> TraceReading.of(rank.traces().device()).peakBytes())
          .max()
          .orElseThrow();
    }

    private List<MegatronRanks.Rank> ranks() {
      int count = 2 * pipeline * context * 2;
      String degrees = "--count %d --shard 2 --pipeline %d --context %d --tensor 2 --grad-accum 8";
      String all = String.format(degrees, count, pipeline, context) + " --sequence-parallel true ";
      return Stages.ranks(model, all + flags);
    }
  }

  static Stream<Throw> jobs() {
    Random random = new Random(7);
    return Stream.generate(() -> one(random)).limit(THROWS);
  }

  private static Throw one(Random random) {
    int pipeline = pick(random, 1, 2, 4);
    String flags =
        String.format(
            "--virtual-pipeline %d --checkpointing %s --loss %s --reduce-dtype %s --micro-batch %d"
                + " --optimizer %s ",
            pipeline == 1 ? 1 : pick(random, 1, 2),
            random.nextBoolean() ? "none" : "full",
            random.nextBoolean() ? "full" : "triton",
            random.nextBoolean() ? "fp32" : "bf16",
            pick(random, 1, 2, 3),
            random.nextInt(4) == 0 ? "sgd" : "adamw");
    return new Throw(
        MODELS.get(random.nextInt(MODELS.size())), pipeline, pick(random, 1, 2), flags);
  }

  private static int pick(Random random, int... values) {
    return values[random.nextInt(values.length)];
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void what_a_pass_makes_is_gone_after_the_step(Throw job) {
    for (MegatronRanks.Rank rank : job.ranks()) {
      TraceReading reading = TraceReading.of(rank.traces().device());

      assertThat(reading.phaseEnds().get(Phase.STEP))
          .as("%s of %s", rank.name(), job)
          .isEqualTo(reading.phaseEnds().get(Phase.LOAD));
    }
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void more_tensor_parallel_ranks_never_need_more_each(Throw job) {
    assertThat(job.peak(2, 8, "")).as(job.toString()).isLessThanOrEqualTo(job.peak(1, 8, ""));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void more_micro_batches_never_need_less(Throw job) {
    assertThat(job.peak(1, 8, "")).as(job.toString()).isGreaterThanOrEqualTo(job.peak(1, 4, ""));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void longer_sequences_never_need_less(Throw job) {
    assertThat(job.peak(1, 8, "--sequence-length 1024"))
        .as(job.toString())
        .isGreaterThanOrEqualTo(job.peak(1, 8, "--sequence-length 512"));
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void recomputing_never_needs_more(Throw job) {
    assertThat(job.peak(1, 8, "--checkpointing full"))
        .as(job.toString())
        .isLessThanOrEqualTo(job.peak(1, 8, "--checkpointing none"));
  }
}
