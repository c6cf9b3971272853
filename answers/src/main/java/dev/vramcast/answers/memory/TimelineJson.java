package dev.vramcast.answers.memory;

import dev.vramcast.core.trace.Category;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The running sums of the step of the rank that needs most, as columns. */
public final class TimelineJson {

  private TimelineJson() {}

  /** Of the rank that needs most; every column has a value for each state, all in bytes. */
  public static Map<String, Object> of(EstimateReport report) {
    return of(Timeline.of(report.memory().worst().trace()));
  }

  static Map<String, Object> of(Timeline timeline) {
    List<Timeline.Point> points = timeline.points();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("peak", peak(points));
    json.put("phases", timeline.phases().stream().map(TimelineJson::phase).toList());
    json.put("total_bytes", points.stream().map(Timeline.Point::total).toList());
    Map<String, Object> columns = new LinkedHashMap<>();
    for (Category category : Category.values()) {
      columns.put(
          name(category), points.stream().map(point -> point.bytes()[category.ordinal()]).toList());
    }
    json.put("breakdown_bytes", columns);
    return json;
  }

  /** The first of the highest states. */
  private static int peak(List<Timeline.Point> points) {
    int peak = 0;
    for (int i = 1; i < points.size(); i++) {
      peak = points.get(i).total() > points.get(peak).total() ? i : peak;
    }
    return peak;
  }

  private static Map<String, Object> phase(Timeline.Span span) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("phase", name(span.phase()));
    json.put("from", span.from());
    json.put("to", span.to());
    return json;
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
