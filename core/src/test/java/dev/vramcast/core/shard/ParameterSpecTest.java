package dev.vramcast.core.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterSpecTest {

  private static ParameterSpec spec(long elements, long rows, DataType dtype, boolean routed) {
    return new ParameterSpec("weight", Category.WEIGHTS, elements, rows, dtype, true, routed, 1);
  }

  /** torch/distributed/fsdp/_fully_shard/_fsdp_param.py: chunks of dimension 0, padded. */
  @ParameterizedTest
  @CsvSource({
    "50, 10, 1, 50",
    "50, 10, 2, 25",
    "50, 10, 4, 15",
    "50, 10, 10, 5",
    "50, 10, 16, 5",
  })
  void a_matrix_is_divided_by_rows_and_the_last_ranks_are_padded(
      long elements, long rows, int ranks, long shard) {
    assertThat(spec(elements, rows, DataType.BF16, false).shardElements(ranks)).isEqualTo(shard);
  }

  @ParameterizedTest
  @CsvSource({"10, 3, 4", "10, 4, 3", "10, 16, 1"})
  void a_vector_is_divided_by_elements(long elements, int ranks, long shard) {
    assertThat(spec(elements, 1, DataType.BF16, false).shardElements(ranks)).isEqualTo(shard);
  }

  @Test
  void experts_that_expert_parallelism_divided_are_sharded_among_the_ranks_that_are_left() {
    var degrees =
        Jobs.resolve("--sequence-length 8 --strategy fsdp2 --count 8 --expert 4")
            .job()
            .parallelism();

    assertThat(spec(8, 8, DataType.BF16, false).ranks(degrees)).isEqualTo(8);
    assertThat(spec(8, 8, DataType.BF16, true).ranks(degrees)).isEqualTo(2);
  }

  @Test
  void ranks_that_share_a_sequence_divide_parameters_too() {
    var degrees =
        Jobs.resolve("--sequence-length 8 --strategy fsdp2 --shard 4 --context 2")
            .job()
            .parallelism();

    assertThat(spec(8, 8, DataType.BF16, false).ranks(degrees)).isEqualTo(8);
  }

  @Test
  void mixed_precision_casts_floating_point_parameters_alone() {
    assertThat(spec(8, 8, DataType.FP32, false).gathered(new Graph(), 4, DataType.BF16).dtype())
        .isEqualTo(DataType.BF16);
    assertThat(spec(8, 8, DataType.UINT8, false).gathered(new Graph(), 4, DataType.BF16).dtype())
        .isEqualTo(DataType.UINT8);
    assertThat(spec(8, 8, DataType.FP32, false).gathered(new Graph(), 4, null).dtype())
        .isEqualTo(DataType.FP32);
  }

  @Test
  void what_is_kept_of_a_gathered_parameter_is_a_shard_in_its_own_dtype() {
    var kept = spec(50, 10, DataType.FP32, false).gathered(new Graph(), 15, DataType.BF16).kept();

    assertThat(kept.elements()).isEqualTo(15);
    assertThat(kept.dtype()).isEqualTo(DataType.FP32);
    assertThat(kept.sharded()).isTrue();
  }
}
