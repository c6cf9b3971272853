package dev.vramcast.sweep.run;

import dev.vramcast.sweep.RowEstimator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Threads that take parts until there are none, each with an estimator of its own. */
final class Workers {

  private static final int REPORT_EVERY = 1_024;
  private static final long TICK_MILLIS = 100;
  private static final double NANOS = 1e9;

  private final Parts parts;
  private final Target target;
  private final Supplier<RowEstimator> estimators;
  private final AtomicLong delivered = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final RowCounts counts = new RowCounts();
  private long traces;

  Workers(Parts parts, Target target, Supplier<RowEstimator> estimators) {
    this.parts = parts;
    this.target = target;
    this.estimators = estimators;
  }

  /** Works until all is done, or until something fails. */
  Summary run(int threads, Progress progress) throws IOException {
    long start = System.nanoTime();
    resetPeaks();
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(this::work, "sweep-" + i);
      thread.setDaemon(true);
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      while (join(thread)) {
        tell(progress, start);
      }
    }
    rethrow();
    long read = readAll();
    target.finish();
    tell(progress, start);
    double seconds = (System.nanoTime() - start) / NANOS;
    return new Summary(
        delivered.get(),
        parts.skipped(),
        read,
        counts.unanswered(),
        traces,
        counts.verdicts(),
        counts.reasons(),
        new Summary.Used(seconds, threads, peakHeap()));
  }

  /** As many rows as the input had are in the table, or it gets no name. */
  private long readAll() {
    long read = parts.read();
    long there = delivered.get() + parts.skipped();
    if (read != there) {
      throw new IllegalStateException(read + " rows were read, " + there + " are in the table");
    }
    return read;
  }

  private void tell(Progress progress, long start) {
    long now = delivered.get();
    double seconds = (System.nanoTime() - start) / NANOS;
    progress.at(now + parts.skipped(), now, parts.rows(), seconds);
  }

  /** Waits a moment; false once the thread has ended. */
  private boolean join(Thread thread) {
    try {
      thread.join(TICK_MILLIS);
    } catch (InterruptedException e) {
      failure.compareAndSet(null, e);
      Thread.currentThread().interrupt();
      return false;
    }
    return thread.isAlive();
  }

  private void work() {
    try {
      RowEstimator estimator = estimators.get();
      RowCounts own = new RowCounts();
      Optional<Part> next = next();
      while (next.isPresent()) {
        deliver(next.get(), estimator, own);
        next = next();
      }
      add(own, estimator.counters().traces());
    } catch (PartCancelledException e) {
      // Whoever failed has said why, or is about to.
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private Optional<Part> next() throws IOException {
    return failure.get() == null ? parts.next(target.done()) : Optional.empty();
  }

  private void deliver(Part part, RowEstimator estimator, RowCounts own) throws IOException {
    int[] untold = new int[1];
    target.keep(
        part,
        sink ->
            part.deliver(
                estimator,
                row -> {
                  own.count(row);
                  sink.row(row);
                  untold[0]++;
                  if (untold[0] == REPORT_EVERY) {
                    delivered.addAndGet(untold[0]);
                    untold[0] = 0;
                    if (failure.get() != null) {
                      throw new PartCancelledException();
                    }
                  }
                }));
    delivered.addAndGet(untold[0]);
  }

  private synchronized void add(RowCounts own, long written) {
    counts.add(own);
    traces += written;
  }

  private void rethrow() throws IOException {
    Throwable cause = failure.get();
    if (cause instanceof IOException io) {
      throw io;
    } else if (cause instanceof RuntimeException mistake) {
      throw mistake;
    } else if (cause instanceof Error error) {
      throw error;
    } else if (cause != null) {
      throw new IOException("interrupted", cause);
    }
  }

  private static void resetPeaks() {
    heap().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  private static long peakHeap() {
    return heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private static List<MemoryPoolMXBean> heap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }
}
