package dev.vramcast.core.shard.zero;

import static dev.vramcast.core.shard.ShardedModel.spec;
import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static dev.vramcast.core.units.DataType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.ShardedModel;
import dev.vramcast.core.shard.zero.gather.GatherSizes;
import dev.vramcast.core.shard.zero.gather.ModuleTrace;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ZeRO's stage 3 on four ranks: a layer of 8 and 4 units of 512 bytes in bf16, and one of 6. The
 * rules are those of deepspeed/runtime/zero/stage3.py.
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
            + " --strategy zero3 --count 4 --zero-init true "
            + flags;
    sharding =
        new PartitionedModel(
            run.graph,
            Jobs.resolve(all).job(),
            settings,
            GatherSizes.Front.NONE,
            new ModuleTrace());
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
  void all_partitions_of_trained_parameters_are_one_buffer() {
    ShardedModel model = model("");

    assertThat(model.layer(spec(8, BF16, true), spec(4, BF16, true))).isEmpty();
    assertThat(model.layer(spec(6, BF16, true))).isEmpty();
    // A quarter of 18 units, its masters in fp32, the bucket, and the gradients of the quarter.
    assertThat(run.during(sharding::loaded)).isEqualTo("+5 +9 +13 +5");
  }

  /** engine.py moves a model to the GPU that was not made under zero.Init. */
  @Test
  void a_quantised_model_is_whole_on_each_gpu_until_it_is_divided() {
    ShardedModel model = model("--framework transformers --method qlora");

    // A quarter of 8 units stays; the rest comes from the driver, to which it goes back.
    assertThat(model.layer(spec(8, UINT8, false))).isEqualTo("+6 +2");
    assertThat(run.during(sharding::loaded)).isEqualTo("-6");
  }

  @Test
  void a_model_that_zero_init_has_divided_is_never_whole() {
    ShardedModel model = model("--framework transformers --method lora");

    assertThat(model.layer(spec(8, BF16, false))).isEqualTo("+2");
  }

  @Test
  void a_model_that_was_made_whole_is_so_on_each_gpu_until_it_is_divided() {
    ShardedModel model = model("--zero-init false");

    assertThat(model.layer(spec(8, BF16, true), spec(4, BF16, true))).isEqualTo("+8 +4");
    assertThat(run.during(sharding::loaded)).isEqualTo("-8 -4 +3 +6 +13 +3");
  }

  /** DeepSpeed's pull request 8189. */
  @ParameterizedTest
  @CsvSource({
    "--framework deepspeed --deepspeed-version 0.19.3, false",
    "--framework deepspeed --deepspeed-version 0.19.4, true",
    "--framework pytorch --deepspeed-version 0.14.2, false",
    "--framework deepspeed --deepspeed-version 0.14.2 --zero-init true, true",
    "--framework transformers-loop --deepspeed-version 0.14.2, false",
    "--framework transformers --deepspeed-version 0.14.2, true",
    "--framework transformers --deepspeed-version 0.14.2 --zero-init false, false",
    "--framework trl --deepspeed-version 0.14.2 --method qlora, false",
    "--framework accelerate --deepspeed-version 0.14.2, true",
    "--framework arctictraining --deepspeed-version 0.17, true",
    "--framework deepspeed --deepspeed-version 0.14.2 --stage ppo, true",
  })
  void linears_are_replaced_where_a_model_was_made_divided_and_later_everywhere(
      String flags, boolean replaced) {
    String all = " --sequence-length 8 --precision bf16 --strategy zero3 --count 4";

    assertThat(ZeroSettings.replacesLinear(Jobs.resolve(flags + all).job())).isEqualTo(replaced);
  }

  /** stage3.py compares a device with its name where it would share them. */
  @Test
  void masters_of_fp32_parameters_are_copies_too() {
    ShardedModel model = model("--precision fp32");
    model.layer(spec(16, FP32, true));

    assertThat(run.during(sharding::loaded)).startsWith("+4 +4 ");
  }

  @Test
  void a_frozen_parameter_has_a_partition_of_its_own() {
    assertThat(model("").layer(spec(8, BF16, false))).isEqualTo("+2");
  }

  @Test
  void a_quantised_parameter_has_a_partition_of_its_stored_size() {
    assertThat(model("").layer(spec(4, UINT8, false))).isEqualTo("+1");
  }

  @Test
  void an_offloaded_model_keeps_nothing_but_a_bucket_on_the_gpu() {
    ShardedModel model = model("--offload parameters,optimizer");
    String[] device = new String[2];

    assertThat(
            run.duringOnHost(
                () -> {
                  device[0] = model.layer(spec(8, BF16, true), spec(4, BF16, true));
                  device[1] = run.during(sharding::loaded);
                }))
        .isEqualTo("+3 +6 +6 +3");
    assertThat(device).containsExactly("", "+13");
  }

  // ---- gathering ----

  @Test
  void one_rank_with_everything_on_its_gpu_gathers_nothing() {
    assertThat(loaded("--count 1").forward()).isEmpty();
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

    // 6 and 4 fill the bucket so far that 8 does not fit; those are reduced where they are.
    assertThat(model.backward()).isEqualTo("+6 -6 +4 -4 +8 +10 -10 -8");
  }

  @Test
  void offloaded_partitions_are_copied_and_made_fp32_on_their_way() {
    ShardedModel model = loaded("--offload optimizer");
    model.forward();

    assertThat(model.backward()).startsWith("+6 -6 +2 +3 -2 -3 ");
  }

  @Test
  void a_step_makes_gradients_fp64_for_their_norm_and_then_fp32() {
    ShardedModel model = loaded("");
    model.forward();
    model.backward();

    // The largest partition, 2 units of 8, in fp64 for its norm; then all.
    assertThat(run.during(() -> sharding.step(part -> run.graph.release(run.constant(1, BF16)))))
        .isEqualTo("+8 -8 +5 +9 -5 +1 -1 -9");
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
