package dev.vramcast.core.data;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lengths of which some quantiles are known; between two of them lengths are taken to be spread
 * evenly.
 *
 * @param points with rising shares, the first 0 and the last 1, of lengths that do not fall
 */
public record QuantileLengths(List<Point> points) implements LengthDistribution {

  /**
   * A quantile.
   *
   * @param share of the examples that are no longer than {@code tokens}
   */
  public record Point(double share, int tokens) {}

  public QuantileLengths {
    points = List.copyOf(points);
    boolean legal = points.size() >= 2 && points.get(0).share() == 0;
    legal &= points.get(points.size() - 1).share() == 1 && points.get(0).tokens() >= 0;
    for (int i = 1; legal && i < points.size(); i++) {
      legal = points.get(i).share() > points.get(i - 1).share();
      legal &= points.get(i).tokens() >= points.get(i - 1).tokens();
    }
    if (!legal) {
      throw new IllegalArgumentException("no quantiles: " + points);
    }
  }

  @Override
  public int max() {
    return points.get(points.size() - 1).tokens();
  }

  @Override
  public double mean() {
    double sum = 0;
    for (int i = 1; i < points.size(); i++) {
      Point low = points.get(i - 1);
      Point high = points.get(i);
      sum += (high.share() - low.share()) * (low.tokens() + high.tokens()) / 2.0;
    }
    return sum;
  }

  @Override
  public int quantile(double share) {
    int i = 1;
    while (i < points.size() - 1 && points.get(i).share() < share) {
      i++;
    }
    Point low = points.get(i - 1);
    Point high = points.get(i);
    double part = (share - low.share()) / (high.share() - low.share());
    double tokens = low.tokens() + part * (high.tokens() - low.tokens());
    return (int) Math.round(Math.max(low.tokens(), Math.min(high.tokens(), tokens)));
  }

  @Override
  public double shareUpTo(int tokens) {
    int i = points.size() - 1;
    if (tokens >= max()) {
      return 1;
    }
    while (i >= 0 && points.get(i).tokens() > tokens) {
      i--;
    }
    if (i < 0) {
      return 0;
    }
    Point low = points.get(i);
    Point high = points.get(i + 1);
    double part = (double) (tokens - low.tokens()) / (high.tokens() - low.tokens());
    return low.share() + part * (high.share() - low.share());
  }

  @Override
  public QuantileLengths cutAt(int limit) {
    if (limit >= max()) {
      return this;
    }
    List<Point> cut = new ArrayList<>();
    points.stream().filter(point -> point.tokens() < limit).forEach(cut::add);
    if (cut.isEmpty()) {
      cut.add(new Point(0, limit));
    } else {
      cut.add(new Point(shareUpTo(limit), limit));
    }
    cut.add(new Point(1, limit));
    return new QuantileLengths(cut);
  }

  /** As a user writes it: tokens under {@code min}, {@code p50}, {@code max}. */
  public Map<String, Integer> named() {
    Map<String, Integer> named = new LinkedHashMap<>();
    points.forEach(point -> named.put(name(point.share()), point.tokens()));
    return named;
  }

  @Override
  public String toString() {
    return named().entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
  }

  private static String name(double share) {
    if (share == 0 || share == 1) {
      return share == 0 ? "min" : "max";
    }
    return "p" + BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString();
  }
}
