package dev.vramcast.server.work;

import dev.vramcast.answers.operation.PoolHelpers;
import dev.vramcast.core.input.EndedException;
import dev.vramcast.core.input.Helpers;
import dev.vramcast.core.run.RecentSteps;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where answers are computed: on as many threads as there are cores, with a queue of bounded length
 * before them. What finds the queue full is refused at once, and what finds it long is refused when
 * its turn has not come in a moment, since whoever asks would rather know.
 */
public final class Work implements AutoCloseable {

  private static final String STOPPING = "the server is stopping";

  /** What is told where more is asked for than can wait. */
  public static final String CROWDED = "too many requests are waiting, try again in a second";

  private final ForkJoinPool pool;
  private final Semaphore places;
  private final Bounds bounds;
  private final int mostPlaces;
  private final Duration limit;
  private final AtomicInteger running = new AtomicInteger();
  private final RecentSteps steps = new RecentSteps();
  private final Set<Computation<?>> open = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /**
   * Threads that wait for work.
   *
   * @param bounds tell how many computations run at once, and how many wait
   * @param limit of one answer, from the moment it is asked for
   */
  public Work(Bounds bounds, Duration limit) {
    // A search divides its work among the threads of its own pool, so that it takes no more.
    this.bounds = bounds;
    // Parts of an answer begin in the order in which they are needed, so the mode is asynchronous.
    this.pool =
        new ForkJoinPool(
            bounds.cores(), ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    this.mostPlaces = bounds.cores() + bounds.queued();
    this.places = new Semaphore(mostPlaces);
    this.limit = limit;
  }

  /**
   * Computes an answer when its turn comes.
   *
   * @param task gets what ends it when its time is over, and who may help
   * @return fails with a {@link java.util.concurrent.TimeoutException} when the time is over; to
   *     cancel it ends the computation; where many wait and its turn does not come in a moment,
   *     with a {@link ProblemException} of 503
   * @throws ProblemException of 503 when the queue is full
   */
  public <T> CompletableFuture<T> submit(Function<Turn, T> task) {
    if (stopping) {
      throw busy(STOPPING);
    }
    if (!places.tryAcquire()) {
      throw busy(CROWDED);
    }
    boolean crowded = isCrowded();
    Computation<T> computation = new Computation<>(task);
    open.add(computation);
    try {
      pool.execute(computation);
      if (crowded) {
        CompletableFuture.delayedExecutor(bounds.patience().toMillis(), TimeUnit.MILLISECONDS)
            .execute(computation::refuseUnlessBegun);
      }
    } catch (RejectedExecutionException e) {
      open.remove(computation);
      places.release();
      throw busy(STOPPING);
    }
    return computation.answer;
  }

  /**
   * One answer on its way. When its time is over, or nobody wants it any more, the threads that
   * compute it are interrupted.
   */
  private final class Computation<T> implements Runnable {

    private final Function<Turn, T> task;
    private final PoolHelpers helpers = new PoolHelpers(pool);
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    /** Null while nothing is computed. */
    private @Nullable Thread thread;

    private boolean begun;

    @SuppressWarnings("FutureReturnValueIgnored") // the answer itself tells of every failure
    Computation(Function<Turn, T> task) {
      this.task = task;
      answer
          .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((value, failure) -> interrupt(failure));
    }

    @Override
    public void run() {
      running.incrementAndGet();
      begin();
      try {
        endIfDone();
        answer.complete(task.apply(new Turn(share -> endIfDone(), helping())));
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      } finally {
        end();
        running.decrementAndGet();
        places.release();
        open.remove(this);
      }
    }

    private synchronized void begin() {
      begun = true;
      thread = Thread.currentThread();
    }

    private synchronized void refuseUnlessBegun() {
      if (!begun) {
        answer.completeExceptionally(busy(CROWDED));
      }
    }

    /** After this, nothing that belongs to this answer interrupts the thread. */
    private synchronized void end() {
      helpers.close();
      thread = null;
      Thread.interrupted();
    }

    private synchronized void interrupt(@Nullable Throwable failure) {
      boolean unwanted =
          failure instanceof TimeoutException
              || failure instanceof CancellationException
              || failure instanceof ProblemException;
      if (unwanted && thread != null) {
        thread.interrupt();
        helpers.close();
      }
    }

    private Helpers helping() {
      return bounds.cores() > 1 ? helpers : Helpers.NONE;
    }

    /** Where the time is over, nobody waits for the answer any more. */
    private void endIfDone() {
      if (answer.isDone()) {
        throw new EndedException();
      }
    }
  }

  /** What a caller is told whose time is over. */
  ProblemException tooLong() {
    return busy("there is no answer within " + limit.toMillis() / 1000.0 + " s");
  }

  private static ProblemException busy(String detail) {
    return new ProblemException(503, detail);
  }

  private boolean isCrowded() {
    return taken() > bounds.cores() + bounds.few();
  }

  /**
   * What is known of steps that anybody has asked about. In a crowd whoever asks gets nothing of
   * others and leaves nothing to them: steps that many bring and nobody comes back for outlive the
   * nursery, and what collects them stops every thread for a tenth of a second.
   */
  public RecentSteps steps() {
    return isCrowded() ? new RecentSteps() : steps;
  }

  /** Computations that run or wait. */
  public int taken() {
    return mostPlaces - places.availablePermits();
  }

  /** Computations that run. */
  public int running() {
    return running.get();
  }

  /** Takes nothing more. */
  public void refuse() {
    stopping = true;
  }

  /** Ends what is not answered by now, which is told so. */
  public void giveUp() {
    open.forEach(each -> each.answer.completeExceptionally(busy(STOPPING)));
  }

  /** Takes nothing more, and waits a while for what runs. */
  @Override
  public void close() {
    pool.shutdown();
    try {
      pool.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pool.shutdownNow();
  }
}
