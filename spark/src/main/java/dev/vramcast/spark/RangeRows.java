package dev.vramcast.spark;

import dev.vramcast.sweep.ProductRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import org.apache.spark.sql.Row;

/** The rows of a partition, a chunk of them held at a time. */
final class RangeRows implements Iterator<Row> {

  private final ProductRows product;
  private final long chunk;
  private final long end;
  private final Queue<Row> held = new ArrayDeque<>();
  private long next;

  RangeRows(ProductRows product, RowPartitions split, int partition) {
    this.product = product;
    this.chunk = split.chunk();
    this.next = split.start(partition);
    this.end = split.start(partition + 1);
  }

  @Override
  public boolean hasNext() {
    return !held.isEmpty() || next < end;
  }

  @Override
  public Row next() {
    if (held.isEmpty()) {
      fill();
    }
    return held.remove();
  }

  private void fill() {
    long to = Math.min(end, next + chunk);
    try {
      product.deliver(next, to, result -> held.add(Tables.row(result)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    next = to;
  }
}
