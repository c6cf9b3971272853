package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two sequences of 256 tokens with 8 heads, each figure worked out by hand in units of 512. */
class EfficientKernelTest {

  private static final long LENGTH = 256;
  private static final int HEADS = 8;
  private static final long BATCH = 2;

  /**
   * Sums of queries are 4 tiles of 64 rows, or 2 of 128, for each 64 columns, with 16 bytes before
   * each. Those of keys and values are 4 parts of 256 rows until 2.5, then 4 parts of 64 rows.
   */
  @ParameterizedTest
  @CsvSource({
    "8.0, 2.4, 128, BF16, 4098",
    "8.6, 2.4, 128, BF16, 36868",
    "8.6, 2.5, 128, BF16, 12292",
    "8.6, 2.4,  80, BF16, 4098",
    "7.5, 2.4,  64, FP16, 2050",
    "7.0, 2.4, 128, FP16, 4098",
    "9.0, 2.4, 256, BF16, 73732",
    "8.6, 2.4, 128, FP32, 4100",
  })
  void sums_that_registers_do_not_hold_are_written_for_each_part_of_the_keys(
      String card, String torch, int features, DataType dtype, long expected) {
    assertThat(scratch(card, torch, features, dtype)).isEqualTo(expected);
  }

  @Test
  void nothing_is_known_before_keys_were_split() {
    assertThat(EfficientKernel.of(new Capability(8, 6), Version.of(2, 0))).isEmpty();
  }

  /** Of 200 blocks, at which it stops, 16 heads leave 12; 512 heads leave none, which is one. */
  @Test
  void since_2_5_parts_are_as_few_as_heads_leave_blocks() {
    EfficientKernel card = EfficientKernel.of(new Capability(8, 6), Version.of(2, 6)).orElseThrow();
    TracedCall run = new TracedCall();
    AttentionOps.Shape many = new AttentionOps.Shape(64, 128, 8, 8, 128, 128);
    String events = run.during(() -> card.scratch(run.graph, many, 128, BF16));

    assertThat(events).contains("+" + 512 * (2 * 2 * (64 * 64 + 4) + 2 * 64 * 128) / 128);
  }

  private static long scratch(String card, String torch, int features, DataType dtype) {
    TracedCall run = new TracedCall();
    AttentionOps.Shape shape =
        new AttentionOps.Shape(BATCH, LENGTH, HEADS, HEADS, features, features);
    long units = BATCH * LENGTH * HEADS * features * (dtype == FP32 ? 4 : 2) / 512;
    Tensor query = run.activation(units, dtype);
    Optional<EfficientKernel> kernel =
        EfficientKernel.of(Capability.parse(card).orElseThrow(), Version.parse(torch));
    run.forward(
        () ->
            AttentionOps.efficient(
                run.graph, new Tensor[] {query, query, query}, null, shape, kernel));
    return Long.parseLong(run.backward().split(" ")[4].substring(1));
  }
}
