package dev.vramcast.core.job.value;

import dev.vramcast.core.data.CountedLengths;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.data.QuantileLengths;
import dev.vramcast.core.data.QuantileLengths.Point;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of examples as users write them: named quantiles, or one number for each example. */
final class RawLengths {

  private static final int LONGEST_LIST = 100_000;
  private static final int MOST_QUANTILES = 100;
  private static final Pattern PERCENT = Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,6})?)");

  /** A shortest example that is not named is taken to have a single token. */
  private static final Point SHORTEST = new Point(0, 1);

  private RawLengths() {}

  static Optional<Object> read(Object raw) {
    if (raw instanceof Map<?, ?> map) {
      return quantiles(map);
    }
    if (raw instanceof List<?> list) {
      return each(list);
    }
    if (!(raw instanceof String text)) {
      return each(RawValues.items(raw));
    }
    if (text.length() > 10 * LONGEST_LIST) {
      return Optional.empty();
    }
    List<String> words = RawValues.split(text);
    return text.contains("=") ? quantiles(named(words)) : each(numbers(words));
  }

  /** What {@link #read} takes back. */
  static Object plain(LengthDistribution lengths) {
    if (lengths instanceof QuantileLengths quantiles) {
      return quantiles.named();
    }
    return ((CountedLengths) lengths).lengths();
  }

  private static Optional<Object> each(List<?> items) {
    List<Integer> lengths = new ArrayList<>();
    for (Object item : items) {
      Optional<Integer> length = length(item);
      if (length.isEmpty() || lengths.size() == LONGEST_LIST) {
        return Optional.empty();
      }
      lengths.add(length.get());
    }
    return lengths.isEmpty() ? Optional.empty() : Optional.of(CountedLengths.of(lengths));
  }

  private static Optional<Object> quantiles(Map<?, ?> map) {
    List<Point> points = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Optional<Double> share = share(String.valueOf(entry.getKey()));
      Optional<Integer> length = length(entry.getValue());
      if (share.isEmpty() || length.isEmpty() || points.size() == MOST_QUANTILES) {
        return Optional.empty();
      }
      points.add(new Point(share.get(), length.get()));
    }
    if (points.stream().noneMatch(point -> point.share() == 0)) {
      points.add(SHORTEST);
    }
    points.sort(Comparator.comparingDouble(Point::share));
    boolean enough = points.size() > 2 && points.get(points.size() - 1).share() == 1;
    return enough && rises(points) ? Optional.of(new QuantileLengths(points)) : Optional.empty();
  }

  private static boolean rises(List<Point> points) {
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).share() <= points.get(i - 1).share()
          || points.get(i).tokens() < points.get(i - 1).tokens()) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Double> share(String name) {
    if (name.equals("min") || name.equals("max")) {
      return Optional.of(name.equals("min") ? 0.0 : 1.0);
    }
    Matcher percent = PERCENT.matcher(name);
    return percent.matches()
        ? Optional.of(new BigDecimal(percent.group(1)).movePointLeft(2).doubleValue())
        : Optional.empty();
  }

  private static Optional<Integer> length(Object raw) {
    return ValueKind.whole(1, LengthDistribution.LONGEST).read(raw).map(Integer.class::cast);
  }

  private static Map<String, Object> named(List<String> words) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (String word : words) {
      String[] sides = word.split("=", 2);
      Object earlier = named.put(sides[0].strip(), sides.length < 2 ? "" : number(sides[1]));
      if (earlier != null) {
        return Map.of();
      }
    }
    return named;
  }

  private static List<Object> numbers(List<String> words) {
    return words.stream().map(RawLengths::number).toList();
  }

  private static Object number(String word) {
    return RawValues.wholeText(word).orElse(word);
  }
}
