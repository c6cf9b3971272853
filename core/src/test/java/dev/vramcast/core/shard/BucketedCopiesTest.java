package dev.vramcast.core.shard;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.shard.Sharding.Place;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.api.Test;

/** Buckets of DistributedDataParallel; 2048 units of 512 bytes are a MiB, and 51200 a bucket. */
class BucketedCopiesTest {

  private static final long MIB = 2048;

  private final TracedCall run = new TracedCall();
  private final BucketedCopies copies = new BucketedCopies(run.graph);

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
  void gradients_are_copied_into_buckets_of_25_mebibytes() {
    parameter(60 * MIB, BF16, true);

    assertThat(run.during(copies::loaded)).isEqualTo("2x( +%d ) +%d".formatted(25 * MIB, 10 * MIB));
  }

  @Test
  void buckets_that_are_full_leave_no_rest() {
    parameter(25 * MIB, BF16, true);

    assertThat(run.during(copies::loaded)).isEqualTo("+" + 25 * MIB);
  }

  @Test
  void a_bucket_holds_one_dtype() {
    parameter(3 * MIB, FP32, true);
    parameter(2 * MIB, BF16, true);

    assertThat(run.during(copies::loaded).split(" "))
        .containsExactlyInAnyOrder("+" + 3 * MIB, "+" + 2 * MIB);
  }

  @Test
  void frozen_parameters_are_in_no_bucket() {
    parameter(60 * MIB, BF16, false);

    assertThat(run.during(copies::loaded)).isEmpty();
  }

  @Test
  void parameters_of_equal_layers_count_each() {
    run.graph.repeat(10, () -> parameter(6 * MIB, BF16, true));

    assertThat(run.during(copies::loaded)).isEqualTo("2x( +%d ) +%d".formatted(25 * MIB, 10 * MIB));
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
