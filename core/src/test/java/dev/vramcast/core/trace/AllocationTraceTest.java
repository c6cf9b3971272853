package dev.vramcast.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllocationTraceTest {

  private final AllocationTrace.Writer writer = new AllocationTrace.Writer();

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 512", "128, 512", "129, 1024", "256, 1024", "257, 1536"})
  void a_block_counts_in_units_of_512_bytes(long elements, long bytes) {
    assertThat(new Block("a", Category.OTHER, DataType.FP32, elements).bytes()).isEqualTo(bytes);
  }

  @Test
  void a_block_that_no_machine_can_hold_is_an_error_and_not_a_negative_size() {
    assertThatThrownBy(() -> new Block("a", Category.OTHER, DataType.FP32, Long.MAX_VALUE / 2))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new Block("a", Category.OTHER, DataType.UINT8, Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void a_trace_holds_what_was_written_in_order() {
    Block block = new Block("a", Category.OTHER, DataType.UINT8, 1);
    writer.phase(Phase.CLIP);
    writer.repeat(
        7,
        () -> {
          writer.allocate(block);
          writer.free(block);
        });

    AllocationTrace trace = writer.finish();

    assertThat(kinds(trace))
        .containsExactly(
            AllocationTrace.Kind.PHASE,
            AllocationTrace.Kind.REPEAT,
            AllocationTrace.Kind.ALLOCATE,
            AllocationTrace.Kind.FREE,
            AllocationTrace.Kind.END);
    assertThat(trace.phase(0)).isEqualTo(Phase.CLIP);
    assertThat(trace.times(1)).isEqualTo(7);
    assertThat(trace.block(2)).isSameAs(block);
    assertThat(trace.block(3)).isSameAs(block);
  }

  @Test
  void a_section_that_never_runs_is_not_written() {
    writer.repeat(
        0,
        (Runnable)
            () -> {
              throw new AssertionError("must not run");
            });

    assertThat(writer.finish().size()).isZero();
  }

  @Test
  void a_section_holds_no_other() {
    assertThatThrownBy(() -> writer.repeat(2, () -> writer.repeat(2, () -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a repeated section cannot hold another");
  }

  @Test
  void a_trace_may_be_long() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      blocks.add(new Block("a", Category.OTHER, DataType.UINT8, i));
      writer.allocate(blocks.get(i));
    }

    AllocationTrace trace = writer.finish();

    assertThat(trace.size()).isEqualTo(5_000);
    assertThat(trace.block(4_999)).isSameAs(blocks.get(4_999));
  }

  private static List<AllocationTrace.Kind> kinds(AllocationTrace trace) {
    List<AllocationTrace.Kind> kinds = new ArrayList<>();
    for (int i = 0; i < trace.size(); i++) {
      kinds.add(trace.kind(i));
    }
    return kinds;
  }
}
