package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.Timeline;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The running sums of the step of the rank that needs most, as columns. */
public record TimelineRecord(
    @Describes("Index of the first of the highest states.") int peak,
    @Describes("The phases of the step, in their order.") List<Span> phases,
    @Describes("Alive in each state.") List<Long> totalBytes,
    @Describes("Alive in each state, by category.") Map<Category, List<Long>> breakdownBytes) {

  /** The states that a phase runs through. */
  public record Span(
      @Describes("Its name.") Phase phase,
      @Describes("Index of its first state.") int from,
      @Describes("Index of the first state behind it.") int to) {

    private static Span of(Timeline.Span span) {
      return new Span(span.phase(), span.from(), span.to());
    }
  }

  static TimelineRecord of(EstimateReport report) {
    return of(Timeline.of(report.memory().worst().trace()));
  }

  /** The columns of a timeline. */
  public static TimelineRecord of(Timeline timeline) {
    List<Timeline.Point> points = timeline.points();
    Map<Category, List<Long>> columns = new EnumMap<>(Category.class);
    for (Category category : Category.values()) {
      int at = category.ordinal();
      columns.put(category, points.stream().map(point -> point.bytes()[at]).toList());
    }
    return new TimelineRecord(
        peak(points),
        timeline.phases().stream().map(Span::of).toList(),
        points.stream().map(Timeline.Point::total).toList(),
        columns);
  }

  /** The first of the highest states. */
  private static int peak(List<Timeline.Point> points) {
    int peak = 0;
    for (int i = 1; i < points.size(); i++) {
      peak = points.get(i).total() > points.get(peak).total() ? i : peak;
    }
    return peak;
  }
}
