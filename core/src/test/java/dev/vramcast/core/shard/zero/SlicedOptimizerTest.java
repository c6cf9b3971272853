package dev.vramcast.core.shard.zero;

import static dev.vramcast.core.shard.ShardedModel.spec;
import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.shard.ShardedModel;
import org.junit.jupiter.api.Test;

/**
 * ColossalAI's stages 1 and 2 on four ranks: a layer of 8 and 4 units of 512 bytes in bf16, and one
 * of 8. The rules are those of colossalai/zero/low_level/low_level_optim.py.
 */
class SlicedOptimizerTest {

  private final TracedCall run = new TracedCall();
  private SlicedOptimizer sharding;

  private ShardedModel model(String flags) {
    String all =
        "--framework colossalai --sequence-length 8 --method full --count 4 --grad-accum 1 "
            + flags;
    ResolvedJob job = Jobs.resolve(all).job();
    sharding = new SlicedOptimizer(run.graph, job, ZeroSettings.of(job, 8));
    return new ShardedModel(run, sharding);
  }

  private ShardedModel loaded(String flags) {
    ShardedModel model = model(flags);
    model.layer(spec(8, BF16, true), spec(4, BF16, true));
    model.layer(spec(8, BF16, true));
    sharding.loaded();
    return model;
  }

  @Test
  void parameters_stay_where_they_are_beside_the_masters_of_a_quarter() {
    ShardedModel model = model("--strategy zero2");

    assertThat(model.layer(spec(8, BF16, true), spec(4, BF16, true))).isEqualTo("+8 +4");
    assertThat(model.layer(spec(8, BF16, false))).isEqualTo("+8");
    assertThat(run.during(sharding::loaded)).isEqualTo("+6");
  }

  /**
   * A gradient, its copy, and of that this rank's slice and those of others; then all of a bucket
   * by rank, flat, and what this rank receives.
   */
  @Test
  void stage_2_keeps_a_quarter_of_each_gradient() {
    ShardedModel model = loaded("--strategy zero2");
    model.forward();

    assertThat(model.backward())
        .isEqualTo(
            "+8 +8 +2 +6 -8 -8 +8 +8 -8 +2 -2 -8 -6"
                + " +4 +8 +4 +1 +3 -4 -4 +8 +2 +6 -8 -8 +12 +12 -12 +3 -3 -12 -3 -6");
  }

  @Test
  void stage_1_keeps_the_slices_of_all_ranks() {
    ShardedModel model = loaded("--strategy zero1");
    model.forward();

    assertThat(model.backward())
        .isEqualTo("+8 +8 +8 -8 -8 +8 +8 -8 -8" + " +4 +8 +4 +4 -4 -4 +8 +8 -8 -8 +12 +12 -12 -12");
  }

  /** 5 units in fp32, a slice of 2 in fp64, and the slices of the largest parameter twice. */
  @Test
  void the_step_makes_gradients_fp32_beside_their_slices() {
    ShardedModel model = loaded("--strategy zero2");
    model.forward();
    model.backward();

    assertThat(run.during(() -> sharding.step(piece -> {})))
        .isEqualTo("+10 +8 -8 -10 +2 +8 +8 -8 -8 -2 -2 -1 -2");
  }

  @Test
  void an_offloaded_optimizer_steps_on_the_host() {
    ShardedModel model = model("--strategy zero2 --offload optimizer");
    model.layer(spec(8, BF16, true));

    assertThat(run.duringOnHost(() -> assertThat(run.during(sharding::loaded)).isEmpty()))
        .isEqualTo("+4 +4");
    model.forward();
    model.backward();
    assertThat(run.during(() -> sharding.step(piece -> {})))
        .isEqualTo("+4 -4 +8 -8 +2 +8 +8 -8 -8 -2 -2");
  }
}
