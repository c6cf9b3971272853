package dev.vramcast.core.shard;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.shard.Sharding.Place;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.api.Test;

/** Buckets of DistributedDataParallel; 2048 units of 512 bytes are a MiB, and 51200 a bucket. */
class BucketedCopiesTest {

  private static final long MIB = 2048;

  private final TracedCall run = new TracedCall();
  private final BucketedCopies copies = new BucketedCopies(run.graph, false);

  private Parameter parameter(long units, DataType dtype, boolean trainable) {
    return copies.parameter(
        new ParameterSpec(
            "weight",
            Category.WEIGHTS,
            TracedCall.elements(units, dtype),
            1,
            dtype,
            trainable,
            false,
            1));
  }

  @Test
  void every_rank_has_the_whole_parameter() {
    assertThat(run.during(() -> parameter(60 * MIB, BF16, true))).isEqualTo("+" + 60 * MIB);
  }

  @Test
  void a_gradient_that_fills_a_bucket_is_in_it_whole() {
    parameter(60 * MIB, BF16, true);

    assertThat(run.during(copies::loaded)).isEqualTo("+" + 60 * MIB);
  }

  @Test
  void the_first_bucket_is_closed_at_a_mebibyte_and_others_at_25_from_the_last_parameter_on() {
    parameter(20 * MIB, BF16, true);
    parameter(10 * MIB, BF16, true);
    parameter(1 * MIB, BF16, true);

    assertThat(run.during(copies::loaded)).isEqualTo("+%d +%d".formatted(MIB, 30 * MIB));
  }

  @Test
  void a_bucket_holds_one_dtype() {
    parameter(3 * MIB, FP32, true);
    parameter(2 * MIB, BF16, true);

    assertThat(run.during(copies::loaded).split(" "))
        .containsExactlyInAnyOrder("+" + 3 * MIB, "+" + 2 * MIB);
  }

  /** {@code bucket_size_limits = [sys.maxsize]}, until the order is known in which they come. */
  @Test
  void all_are_in_one_bucket_until_the_second_step_where_none_may_be_unused() {
    BucketedCopies rebuilding = new BucketedCopies(run.graph, true);
    ParameterSpec spec =
        new ParameterSpec("weight", Category.WEIGHTS, 1 << 20, 1, FP32, true, false, 1);
    run.graph.repeat(3, () -> rebuilding.parameter(spec));
    rebuilding.loaded();

    AllocationTrace.Renewed renewed = run.graph.finish().device().renewed().get(0);
    assertThat(renewed.first().size()).isEqualTo(1);
    assertThat(renewed.first().block(0).bytes()).isEqualTo(12 << 20);
  }

  @Test
  void frozen_parameters_are_in_no_bucket() {
    parameter(60 * MIB, BF16, false);

    assertThat(run.during(copies::loaded)).isEmpty();
  }

  @Test
  void parameters_of_equal_layers_count_each() {
    run.graph.repeat(10, () -> parameter(6 * MIB, BF16, true));

    assertThat(run.during(copies::loaded))
        .isEqualTo("+%d +%d +%d".formatted(6 * MIB, 30 * MIB, 24 * MIB));
  }

  @Test
  void earlier_micro_batches_leave_a_gradient_beside_the_buckets() {
    parameter(3 * MIB, BF16, true);
    parameter(5 * MIB, BF16, false);

    assertThat(run.during(copies::createGradients)).isEqualTo("+" + 3 * MIB);
  }

  @Test
  void modules_are_no_units() {
    assertThat(copies.unit(Place.LAYER, () -> "layer").unit()).isSameAs(ShardUnit.NONE);
  }
}
