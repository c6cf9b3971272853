package dev.vramcast.core.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lengths of examples that were counted. */
public final class CountedLengths implements LengthDistribution {

  private final int[] tokens;
  private final long[] upTo;

  private CountedLengths(SortedMap<Integer, Long> examples) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("no examples");
    }
    tokens = new int[examples.size()];
    upTo = new long[examples.size()];
    int i = 0;
    long sum = 0;
    for (Map.Entry<Integer, Long> entry : examples.entrySet()) {
      if (entry.getKey() < 0 || entry.getValue() < 1) {
        throw new IllegalArgumentException(entry + " examples");
      }
      sum += entry.getValue();
      tokens[i] = entry.getKey();
      upTo[i++] = sum;
    }
  }

  /** How many examples there are of each length, in tokens; at least one. */
  public static CountedLengths of(Map<Integer, Long> examples) {
    return new CountedLengths(new TreeMap<>(examples));
  }

  /** One example for each length. */
  public static CountedLengths of(List<Integer> lengths) {
    SortedMap<Integer, Long> examples = new TreeMap<>();
    lengths.forEach(length -> examples.merge(length, 1L, Long::sum));
    return new CountedLengths(examples);
  }

  /** How many examples there are. */
  public long examples() {
    return upTo[upTo.length - 1];
  }

  @Override
  public int max() {
    return tokens[tokens.length - 1];
  }

  @Override
  public double mean() {
    double sum = 0;
    for (int i = 0; i < tokens.length; i++) {
      sum += (double) tokens[i] * count(i);
    }
    return sum / examples();
  }

  @Override
  public int quantile(double share) {
    int i = 0;
    while (i < tokens.length - 1 && (double) upTo[i] / examples() < share) {
      i++;
    }
    return tokens[i];
  }

  @Override
  public double shareUpTo(int limit) {
    int place = Arrays.binarySearch(tokens, limit);
    int shorter = place >= 0 ? place : -place - 2;
    return shorter < 0 ? 0 : (double) upTo[shorter] / examples();
  }

  @Override
  public CountedLengths cutAt(int limit) {
    SortedMap<Integer, Long> cut = new TreeMap<>();
    for (int i = 0; i < tokens.length; i++) {
      cut.merge(Math.min(tokens[i], limit), count(i), Long::sum);
    }
    return new CountedLengths(cut);
  }

  /** The length of each example, shortest first. */
  public List<Integer> lengths() {
    List<Integer> lengths = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      for (long n = count(i); n > 0; n--) {
        lengths.add(tokens[i]);
      }
    }
    return lengths;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CountedLengths lengths
        && Arrays.equals(tokens, lengths.tokens)
        && Arrays.equals(upTo, lengths.upTo);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(tokens) + Arrays.hashCode(upTo);
  }

  @Override
  public String toString() {
    return examples() == 1 ? "one of " + max() : examples() + " up to " + max();
  }

  private long count(int i) {
    return i == 0 ? upTo[0] : upTo[i] - upTo[i - 1];
  }
}
