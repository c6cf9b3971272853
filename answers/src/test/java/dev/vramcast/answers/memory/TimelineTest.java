package dev.vramcast.answers.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.units.DataType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {

  private static final Block WEIGHT = block("weight", Category.WEIGHTS, 4096);
  private static final Block KEPT = block("kept", Category.ACTIVATIONS, 1024);
  private static final Block PASSING = block("passing", Category.TEMPORARIES, 512);

  @Test
  void a_repeat_shows_as_steps() {
    Timeline timeline = Timeline.of(trace(3));

    assertThat(timeline.points())
        .extracting(point -> point.total() / 512)
        .containsExactly(8L, 9L, 11L, 10L, 11L, 13L, 12L, 13L, 15L, 14L);
    assertThat(timeline.phases())
        .isEqualTo(
            List.of(
                new Timeline.Span(Phase.LOAD, 0, 1),
                new Timeline.Span(Phase.FORWARD_LAYERS, 1, 10)));
  }

  @Test
  void the_parts_of_a_state_sum_to_its_total() {
    assertThat(Timeline.of(trace(100)).points())
        .allMatch(point -> Arrays.stream(point.bytes()).sum() == point.total());
  }

  @Test
  void a_deep_model_has_few_points_and_keeps_its_peak() {
    AllocationTrace trace = trace(100_000);

    Timeline timeline = Timeline.of(trace);

    assertThat(timeline.points()).hasSizeLessThan(400);
    assertThat(timeline.points().stream().mapToLong(Timeline.Point::total).max())
        .hasValue(TraceReading.of(trace).peakBytes());
  }

  /** A weight, then layers that each keep one block and need another for a moment. */
  private static AllocationTrace trace(int layers) {
    AllocationTrace.Writer writer = new AllocationTrace.Writer();
    writer.phase(Phase.LOAD);
    writer.allocate(WEIGHT);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.repeat(
        layers,
        () -> {
          writer.allocate(PASSING);
          writer.allocate(KEPT);
          writer.free(PASSING);
        });
    return writer.finish();
  }

  private static Block block(String name, Category category, long bytes) {
    return new Block(name, category, DataType.UINT8, bytes);
  }
}
