package dev.vramcast.core.shard.zero;

import static dev.vramcast.core.shard.ShardedModel.spec;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.ShardedModel;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;

/**
 * ZeRO's stage 3 on four ranks: a layer of 8 and 4 units of 512 bytes in bf16, and one of 6. Those
 * of up to 4 units stay gathered, and 10 units are gathered ahead at a time. The rules are those of
 * deepspeed/runtime/zero/stage3.py and partitioned_param_coordinator.py.
 */
class PartitionedModelTest {

  private static final long HALF_BILLION = 500_000_000;

  private final TracedCall run = new TracedCall();
  private PartitionedModel sharding;

  private ShardedModel model(String flags) {
    ZeroSettings settings =
        new ZeroSettings(
            TracedCall.elements(13, BF16),
            true,
            TracedCall.elements(10, BF16),
            TracedCall.elements(4, BF16),
            1_000_000_000,
            "");
    String all =
        "--framework deepspeed --sequence-length 8 --method full --precision bf16"
            + " --strategy zero3 --count 4 "
            + flags;
    sharding = new PartitionedModel(run.graph, Jobs.resolve(all).job(), settings);
    return new ShardedModel(run, sharding);
  }

  private ShardedModel loaded(String flags) {
    ShardedModel model = model(flags);
    model.layer(spec(8, BF16, true), spec(4, BF16, true));
    model.layer(spec(6, BF16, true));
    sharding.loaded();
    return model;
  }

  // ---- what is kept ----

  @Test
  void small_parameters_stay_gathered_and_all_partitions_are_one_buffer() {
    ShardedModel model = model("");

    assertThat(model.layer(spec(8, BF16, true), spec(4, BF16, true))).isEqualTo("+4");
    assertThat(model.layer(spec(6, BF16, true))).isEmpty();
    // A quarter of 18 units, its masters in fp32, the bucket, and the gradients of the quarter.
    assertThat(run.during(sharding::loaded)).isEqualTo("+5 +9 +13 +5");
  }

  @Test
  void a_frozen_parameter_has_a_partition_of_its_own() {
    assertThat(model("").layer(spec(8, BF16, false))).isEqualTo("+2");
  }

  /** Quantised weights count by the bytes they are stored in, as numbers of the compute dtype. */
  @Test
  void a_quantised_parameter_is_small_by_its_stored_size() {
    assertThat(model("").layer(spec(4, UINT8, false))).isEqualTo("+4 +1");
    assertThat(model("").layer(spec(5, UINT8, false))).isEqualTo("+2");
  }

  @Test
  void an_offloaded_model_keeps_nothing_but_small_parameters_and_buckets_on_the_gpu() {
    ShardedModel model = model("--offload parameters,optimizer");
    String[] device = new String[2];

    assertThat(
            run.duringOnHost(
                () -> {
                  device[0] = model.layer(spec(8, BF16, true), spec(4, BF16, true));
                  device[1] = run.during(sharding::loaded);
                }))
        .isEqualTo("+3 +6 +6 +3");
    assertThat(device).containsExactly("+4", "+13");
  }

  // ---- gathering ----

  /** 8 and 6 units are gathered together: the first does not fill a bucket of 10. */
  @Test
  void all_of_a_small_model_is_gathered_and_stays_for_the_backward_pass() {
    ShardedModel model = loaded("");

    assertThat(model.forward()).isEqualTo("+14 +14 -14");
    assertThat(model.backward()).endsWith(" -14 +10 -10");
  }

  /** Any of it is needed by a layer, and the buffer goes when that has come. */
  @Test
  void what_is_gathered_together_has_been_taken_apart_when_the_layers_have_run() {
    ShardedModel model = model("");
    model.layer(spec(8, BF16, true), spec(6, BF16, true));
    ShardUnit norm = sharding.unit(Sharding.Place.FINAL_NORM, () -> "norm").unit();
    sharding.loaded();
    sharding.beforeForward();
    Tensor hidden = run.activation(1, BF16);

    assertThat(run.during(() -> norm.leave(norm.enter(hidden)))).isEqualTo("-14");
    assertThat(run.during(sharding::afterForward)).isEmpty();
  }

  @Test
  void one_rank_with_everything_on_its_gpu_gathers_nothing() {
    assertThat(loaded("--count 1").forward()).isEmpty();
  }

  /** {@code stage3_max_live_parameters}: 10^9 of the 4 x 10^9, and 2 bytes each. */
  @Test
  void of_a_large_model_a_billion_parameters_are_there_at_a_time() {
    ShardedModel model = large();
    sharding.loaded();

    // Each is gathered alone, and so in no buffer.
    assertThat(model.forward()).isEqualTo("+" + units(2_000_000_000L));
  }

  /** {@code max_reuse_distance}: what is used again later than that is gathered again. */
  @Test
  void a_large_model_gathers_anew_for_its_backward_pass_and_keeps_the_buffer_for_that() {
    ShardedModel model = large();
    model.layer(spec(8, BF16, true), spec(6, BF16, true));
    sharding.loaded();

    assertThat(model.forward()).isEqualTo("+" + units(2_000_000_000L) + " +14");
    assertThat(model.backward()).endsWith("-" + units(2_000_000_000L) + " -14 +8 -8");
  }

  /** {@code sub_group_size}: partitions of 125 million fill groups of 10^9 together. */
  @Test
  void masters_are_stepped_on_in_groups_of_a_billion() {
    large();

    assertThat(run.during(sharding::loaded))
        .contains("+" + units(1_000_000_000L * 4) + " ")
        .doesNotContain("x(");
    assertThat(sharding.partitions())
        .extracting(part -> part.elements() + " x " + part.copies())
        .containsExactly("1000000000 x 1");
  }

  private ShardedModel large() {
    ShardedModel model = model("");
    ParameterSpec matrix =
        new ParameterSpec("weight", Category.WEIGHTS, HALF_BILLION, 1000, BF16, true, false, 1);
    run.graph.repeat(8, () -> model.layer(matrix));
    return model;
  }

  private static long units(long bytes) {
    return bytes / 512;
  }

  // ---- gradients and step ----

  @Test
  void gradients_are_reduced_in_copies_of_a_bucket_into_partitions_that_are_there() {
    ShardedModel model = loaded("");
    model.forward();

    assertThat(model.backward()).isEqualTo("+6 +10 -10 -6 +4 +10 -10 -4 +8 +10 -10 -8 -14 +10 -10");
  }

  @Test
  void offloaded_partitions_are_copied_and_made_fp32_on_their_way() {
    ShardedModel model = loaded("--offload optimizer");
    model.forward();

    assertThat(model.backward()).startsWith("+6 +10 -10 -6 +2 +3 -2 -3 ");
  }

  @Test
  void a_step_makes_gradients_fp32() {
    ShardedModel model = loaded("");
    model.forward();
    model.backward();

    // The largest partition, 2 units of 8, in fp32 for its norm; then all.
    assertThat(run.during(() -> sharding.step(part -> run.graph.release(run.constant(1, BF16)))))
        .isEqualTo("+4 -4 +5 +9 -5 +1 -1 -9");
  }

  @Test
  void fp16_gradients_are_looked_at_for_overflow_first() {
    ShardedModel model = loaded("--precision fp16");
    model.forward();
    model.backward();

    // Absolute values of a quarter of 18 units, and a byte for each number.
    assertThat(run.during(() -> sharding.step(part -> run.graph.release(run.constant(1, BF16)))))
        .startsWith("+5 +3 -5 -3 ");
  }
}
