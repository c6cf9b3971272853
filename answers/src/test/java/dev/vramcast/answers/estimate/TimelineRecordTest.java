package dev.vramcast.answers.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.memory.Timeline;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class TimelineRecordTest {

  @Test
  void every_column_has_a_value_for_each_state_and_the_peak_is_the_first_highest() {
    Timeline timeline =
        new Timeline(
            List.of(point(3, 0), point(3, 4), point(3, 4), point(3, 1)),
            List.of(new Timeline.Span(Phase.LOAD, 0, 1), new Timeline.Span(Phase.STEP, 1, 4)));

    Map<String, Object> json = RecordJson.of(TimelineRecord.of(timeline));

    assertThat(json.get("peak")).isEqualTo(1);
    assertThat(json.get("total_bytes")).isEqualTo(List.of(3L, 7L, 7L, 4L));
    assertThat(json.get("breakdown_bytes"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .hasSize(Category.values().length)
        .containsEntry("weights", List.of(3L, 3L, 3L, 3L))
        .containsEntry("activations", List.of(0L, 4L, 4L, 1L));
    assertThat(json.get("phases"))
        .isEqualTo(
            List.of(
                Map.of("phase", "load", "from", 0, "to", 1),
                Map.of("phase", "step", "from", 1, "to", 4)));
  }

  private static Timeline.Point point(long weights, long activations) {
    long[] bytes = new long[Category.values().length];
    bytes[Category.WEIGHTS.ordinal()] = weights;
    bytes[Category.ACTIVATIONS.ordinal()] = activations;
    return new Timeline.Point(weights + activations, bytes);
  }
}
