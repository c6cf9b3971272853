package dev.vramcast.sweep.run;

import dev.vramcast.sweep.ProductRows;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSink;
import dev.vramcast.sweep.product.Product;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/** The parts of a product: equal ranges of its rows. */
final class ProductParts implements Parts {

  private final Product product;
  private final long rowsOfPart;
  private int next;
  private long read;
  private long skipped;

  /**
   * Parts of about so many rows, that end with a combination of settings where one has fewer.
   *
   * @param about rows
   */
  ProductParts(Product product, long about) {
    this.product = product;
    long ofJob = product.rowsOfJob();
    this.rowsOfPart = ofJob >= about ? about : about / ofJob * ofJob;
  }

  @Override
  public synchronized Optional<Part> next(IntPredicate done) {
    while (next * rowsOfPart < product.rows()) {
      Range part = new Range(next, next * rowsOfPart, end(next));
      next++;
      read += part.rows();
      if (!done.test(part.number())) {
        return Optional.of(part);
      }
      skipped += part.rows();
    }
    return Optional.empty();
  }

  private long end(int number) {
    return Math.min(product.rows(), (number + 1) * rowsOfPart);
  }

  @Override
  public OptionalLong rows() {
    return OptionalLong.of(product.rows());
  }

  @Override
  public synchronized long read() {
    return read;
  }

  @Override
  public synchronized long skipped() {
    return skipped;
  }

  @Override
  public void close() {}

  private final class Range implements Part {

    private final int number;
    private final long from;
    private final long to;

    Range(int number, long from, long to) {
      this.number = number;
      this.from = from;
      this.to = to;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public long rows() {
      return to - from;
    }

    @Override
    public void deliver(RowEstimator estimator, RowSink sink) throws IOException {
      new ProductRows(product, estimator).deliver(from, to, sink);
    }
  }
}
