package dev.vramcast.answers.operation;

import dev.vramcast.core.input.EndedException;
import dev.vramcast.core.input.Helpers;
import dev.vramcast.core.input.Interruption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Threads of a pool that help as far as they have nothing else to do. Made for one computation and
 * closed at its end, or when nobody wants it any more: then parts that run are interrupted, and
 * others never begin.
 */
public final class PoolHelpers implements Helpers, AutoCloseable {

  private final Executor pool;
  private final Set<FutureTask<?>> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * Of one computation.
   *
   * @param pool never runs a part in the thread that asks; one that begins parts in the order in
   *     which it is asked, as a ForkJoinPool in asynchronous mode, is no slower than the asking
   *     thread, which needs them in that order
   */
  public PoolHelpers(Executor pool) {
    this.pool = pool;
  }

  /** The threads that all of a program shares; nobody on a machine with one core. */
  public static Helpers ofProcess() {
    return Runtime.getRuntime().availableProcessors() > 1
        ? new PoolHelpers(ForkJoinPool.commonPool())
        : Helpers.NONE;
  }

  @Override
  public void begin(Runnable part) {
    hand(new FutureTask<>(part, null));
  }

  @Override
  public <T> List<T> all(List<? extends Supplier<T>> parts) {
    List<Part<T>> tasks = new ArrayList<>();
    parts.forEach(part -> tasks.add(new Part<>(part)));
    try {
      // The first is begun here at once.
      tasks.stream().skip(1).forEach(this::hand);
      for (Part<T> task : tasks) {
        Interruption.check();
        task.run();
        if (task.failed) {
          break; // Those before it are done or run, so that one of them or this one is thrown.
        }
      }
      List<T> made = new ArrayList<>();
      tasks.forEach(task -> made.add(made(task)));
      return Collections.unmodifiableList(made);
    } finally {
      tasks.forEach(this::end);
    }
  }

  /**
   * Knows whether it has thrown, which a future of Java 17 tells nobody who does not ask for it.
   */
  private static final class Part<T> extends FutureTask<T> {

    private volatile boolean failed;

    Part(Supplier<T> part) {
      super(part::get);
    }

    @Override
    protected void setException(Throwable thrown) {
      failed = true;
      super.setException(thrown);
    }
  }

  private static <T> T made(FutureTask<T> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EndedException();
    } catch (CancellationException e) {
      throw new EndedException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof RuntimeException thrown
          ? thrown
          : new IllegalStateException(e.getCause());
    }
  }

  private void hand(FutureTask<?> task) {
    open.add(task);
    try {
      pool.execute(() -> help(task));
    } catch (RejectedExecutionException e) {
      open.remove(task); // The pool takes nothing more; whoever needs it does it.
    }
    if (closed) {
      end(task);
    }
  }

  private void help(FutureTask<?> task) {
    if (closed || task.isDone()) {
      return;
    }
    task.run();
    open.remove(task);
    // Of a part that was ended; its thread goes on with something else.
    Thread.interrupted();
  }

  private void end(FutureTask<?> task) {
    task.cancel(true);
    open.remove(task);
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(this::end);
  }
}
