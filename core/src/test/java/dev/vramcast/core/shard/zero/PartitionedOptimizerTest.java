package dev.vramcast.core.shard.zero;

import static dev.vramcast.core.shard.ShardedModel.spec;
import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.ShardedModel;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;

/**
 * ZeRO's stages 1 and 2 on four ranks: a layer of 8 and 4 units of 512 bytes in bf16, and one of 6.
 * A rank steps on a quarter of the 18 units, which is 9 in fp32; the first parameter holds all of
 * it, so that its 8 units are the gradients that the rank keeps. The rules are those of
 * deepspeed/runtime/zero/stage_1_and_2.py.
 */
class PartitionedOptimizerTest {

  private final TracedCall run = new TracedCall();
  private PartitionedOptimizer sharding;

  /** As {@code reduce_bucket_size} and {@code overlap_comm} say; the former in units. */
  private ShardedModel model(String flags, long bucket, boolean overlaps) {
    ZeroSettings settings =
        new ZeroSettings(TracedCall.elements(bucket, BF16), overlaps, 0, 0, 1_000_000_000, "");
    String all =
        "--framework deepspeed --sequence-length 8 --method full --precision bf16 --count 4 "
            + flags;
    sharding = new PartitionedOptimizer(run.graph, Jobs.resolve(all).job(), settings);
    return new ShardedModel(run, sharding);
  }

  private ShardedModel loaded(String flags, long bucket, boolean overlaps) {
    ShardedModel model = model(flags, bucket, overlaps);
    model.layer(spec(8, BF16, true), spec(4, BF16, true));
    model.layer(spec(6, BF16, true));
    sharding.loaded();
    return model;
  }

  // ---- what is kept ----

  @Test
  void trained_parameters_are_views_of_a_flat_buffer_beside_the_masters_of_a_quarter() {
    ShardedModel model = model("--strategy zero2", 13, true);

    assertThat(model.layer(spec(8, BF16, true), spec(4, BF16, true))).isEmpty();
    assertThat(model.layer(spec(6, BF16, true))).isEmpty();
    assertThat(run.during(sharding::loaded)).isEqualTo("+18 +9");
  }

  @Test
  void a_frozen_parameter_is_whole_and_in_no_buffer() {
    ShardedModel model = model("--strategy zero2", 13, true);

    assertThat(model.layer(spec(8, BF16, false))).isEqualTo("+8");
    model.layer(spec(4, BF16, true));
    assertThat(run.during(sharding::loaded)).isEqualTo("+4 +2");
  }

  @Test
  void an_offloaded_optimizer_has_masters_gradients_and_copies_on_the_host() {
    ShardedModel model = model("--strategy zero2 --offload optimizer", 13, true);
    model.layer(spec(8, BF16, true));
    String[] device = new String[1];

    // Masters and their gradients in fp32, updated parameters, and a staging buffer.
    assertThat(run.duringOnHost(() -> device[0] = run.during(sharding::loaded)))
        .isEqualTo("+4 +4 +2 +8");
    assertThat(device[0]).isEqualTo("+8 +8");
  }

  // ---- gradients ----

  @Test
  void stage_2_copies_gradients_into_two_buckets_as_they_come() {
    ShardedModel model = loaded("--strategy zero2", 13, true);

    assertThat(model.forward()).isEmpty();
    // The buckets, once there is a first gradient; 6 and 4 are reduced in a copy when 8 does not
    // fit beside them, and the last rank
    // has its part of the gradients then, all of which lies in 6; 8 is of several ranks itself.
    assertThat(model.backward()).isEqualTo("+6 +13 +13 -6 +4 -4 +8 +10 -10 +6 -8 +8 -8 -13 -13");
  }

  /** stage_1_and_2.py process_gradients, which calls setup_buckets. */
  @Test
  void a_layer_whose_parameters_are_frozen_makes_no_bucket() {
    ShardedModel model = model("--strategy zero2", 13, false);
    model.layer(spec(8, BF16, true));
    model.layer(spec(6, BF16, false));
    sharding.loaded();
    model.forward();

    assertThat(model.backward()).startsWith("+8 +13 -8");
    assertThat(sharding.apart()).isOne();
  }

  @Test
  void without_overlap_there_is_one_bucket() {
    ShardedModel model = loaded("--strategy zero2", 13, false);
    model.forward();

    assertThat(model.backward()).startsWith("+6 +13 -6 +4 ").endsWith("+8 -8 -13");
  }

  @Test
  void a_bucket_that_holds_all_gradients_is_reduced_once_before_there_is_a_partition_for_them() {
    ShardedModel model = loaded("--strategy zero2", 100, false);
    model.forward();

    assertThat(model.backward()).isEqualTo("+6 +100 -6 +4 -4 +8 -8 +18 -18 +6 -100");
  }

  /** stage_1_and_2.py reduce_independent_p_g_buckets_and_remove_grads, extra_large_param. */
  @Test
  void a_gradient_that_no_bucket_holds_stays_until_the_next_comes() {
    ShardedModel model = model("--strategy zero2", 5, false);
    model.layer(spec(4, BF16, true), spec(8, BF16, true));
    sharding.loaded();
    model.forward();

    assertThat(model.backward()).isEqualTo("+8 +5 +4 +8 -8 +8 -8 -4 +4 -4 -5");
  }

  @Test
  void stage_1_keeps_all_gradients_until_the_backward_pass_is_over() {
    ShardedModel model = loaded("--strategy zero1", 100, false);
    model.forward();

    assertThat(model.backward()).isEqualTo("+6 +100 +4 +8 -6 -4 -8 +18 -18 +6 -100");
  }

  @Test
  void stage_1_accumulates_all_gradients_and_stage_2_those_of_its_part() {
    loaded("--strategy zero1 --grad-accum 2", 100, false);
    assertThat(run.during(sharding::createGradients)).isEqualTo("+8 +4 +6 +100");

    loaded("--strategy zero2 --grad-accum 2", 100, false);
    assertThat(run.during(sharding::createGradients)).isEqualTo("+6");
  }

  /** What chooses tokens without a graph has parameters, and no gradients to give up. */
  @Test
  void stage_1_gives_up_no_gradient_of_what_none_comes_to() {
    ShardedModel model = loaded("--strategy zero1 --grad-accum 2", 13, false);
    Parameter idle = sharding.parameter(spec(2, BF16, true));
    idle.putOutOfReach();
    run.during(sharding::createGradients);
    model.forward();

    assertThat(model.backward()).isNotEmpty();
    assertThat(idle.takeGradient(run.graph)).isNull();
  }

  @Test
  void one_micro_batch_leaves_no_gradients() {
    loaded("--strategy zero1", 100, false);

    assertThat(run.during(sharding::createGradients)).isEmpty();
  }

  // ---- step ----

  /** 4.5 units of gradients take 5 blocks; the largest that is made fp64 is a quarter too. */
  @Test
  void a_step_puts_gradients_together_and_makes_them_fp32_before_it_updates() {
    ShardedModel model = loaded("--strategy zero2", 100, false);
    model.forward();
    model.backward();

    assertThat(run.during(() -> sharding.step(part -> run.graph.release(run.constant(1, BF16)))))
        .isEqualTo("+18 -18 +5 +9 -5 -6 +1 -1 -9");
  }

  /** Gradients of all groups of the optimizer are cut from one piece, which the last lets go of. */
  @Test
  void vectors_are_stepped_on_last_and_until_then_all_gradients_stay() {
    ShardedModel model = model("--strategy zero2", 100, false);
    model.layer(spec(8, BF16, true), vector(4));
    assertThat(run.during(sharding::loaded)).isEqualTo("+8 +4 +4 +2");
    model.forward();
    model.backward();

    assertThat(run.during(() -> sharding.step(part -> run.graph.release(run.constant(1, BF16)))))
        .isEqualTo("+8 -8 +2 +4 -2 +1 -1 -4 +1 +2 -1 -12 +1 -1 -2");
  }

  @Test
  void a_bucket_of_one_rank_is_reduced_where_it_is() {
    ShardedModel model = model("--strategy zero2", 4, false);
    model.layer(spec(4, BF16, true), spec(4, BF16, true));
    model.layer(spec(4, BF16, true), spec(4, BF16, true));
    sharding.loaded();
    model.forward();

    assertThat(model.backward()).isEqualTo("+4 +4 -4 +4 +4 -4 +4 -4 +4 -4 -4");
  }

  private static ParameterSpec vector(long units) {
    long elements = TracedCall.elements(units, BF16);
    return new ParameterSpec("weight", Category.WEIGHTS, elements, 1, BF16, true, false, 1);
  }

  @Test
  void an_offloaded_step_does_nothing_on_the_gpu() {
    ShardedModel model = loaded("--strategy zero2 --offload optimizer", 100, false);
    model.forward();
    model.backward();

    assertThat(run.during(() -> sharding.step(part -> run.graph.release(run.constant(1, BF16)))))
        .isEmpty();
    assertThat(sharding.keepsOnHost()).isTrue();
  }
}
