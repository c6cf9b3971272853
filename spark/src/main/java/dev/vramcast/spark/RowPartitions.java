package dev.vramcast.spark;

import dev.vramcast.sweep.product.Product;
import java.io.Serializable;

/**
 * Where the rows of a product are cut into chunks, which are estimated and held at once, and into
 * partitions. Partitions end between combinations of settings where these are small, since one that
 * is cut is estimated twice.
 *
 * @param rows of the product
 * @param chunk rows of each chunk but the last
 */
record RowPartitions(long rows, long chunk, int partitions) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Rows that are held at once: a few megabytes. */
  private static final long HELD = 8_192;

  /** Rows of a partition when nobody says how many there are: some seconds. */
  private static final long USUAL_PARTITION = 1_000_000;

  /** Partitions for each task that runs at a time, so that none waits long for the last. */
  private static final int PARTITIONS_PER_SLOT = 4;

  /**
   * @param partitions at most so many, as there are no more than chunks
   */
  static RowPartitions of(Product product, int partitions) {
    return of(product.rows(), product.rowsOfJob(), partitions);
  }

  static RowPartitions of(long rows, long ofJob, int partitions) {
    long chunk = ofJob >= HELD ? HELD : HELD / ofJob * ofJob;
    return new RowPartitions(rows, chunk, (int) Math.min(partitions, chunks(rows, chunk)));
  }

  /**
   * How many partitions a table is given.
   *
   * @param slots tasks that run at a time
   */
  static int usualPartitions(long rows, int slots) {
    long most = Math.max(slots * (long) PARTITIONS_PER_SLOT, chunks(rows, USUAL_PARTITION));
    return (int) Math.min(most, JobArguments.MAX_PARTITIONS);
  }

  /** The first row of a partition; of the number behind the last, the number of rows. */
  long start(int partition) {
    long chunks = chunks(rows, chunk);
    long before = chunks / partitions * partition + Math.min(partition, chunks % partitions);
    return Math.min(rows, before * chunk);
  }

  private static long chunks(long rows, long chunk) {
    return rows / chunk + (rows % chunk == 0 ? 0 : 1);
  }
}
