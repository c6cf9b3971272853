package dev.vramcast.core.trace.replay;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences that are padded to the longest of their micro-batch, so that each micro-batch is of
 * another length. The caching allocator keeps what shorter ones left, in pieces that are too small
 * for longer ones; what it holds grows with each micro-batch that is longer than all before.
 *
 * @param sequences of a micro-batch
 * @param rows tokens of the longest micro-batch
 */
public record VaryingLengths(int sequences, long rows) {

  /** The natural logarithm of how many micro-batches a run has: of some hundreds. */
  private static final int RECORDS = 6;

  /**
   * The lengths of micro-batches that are longer than all before but the last, as shares of that.
   * Of lengths nothing is known but their mean, so they are taken to be spread exponentially: the
   * longest of {@code n} is in the mean {@code 1 + 1/2 + ... + 1/n} means long, each record is one
   * mean above that before, and {@code m} micro-batches have {@code ln m} of them.
   */
  public List<Double> lengths() {
    double first = IntStream.rangeClosed(1, sequences).mapToDouble(n -> 1.0 / n).sum();
    return IntStream.range(0, RECORDS)
        .mapToObj(record -> (first + record) / (first + RECORDS))
        .toList();
  }
}
