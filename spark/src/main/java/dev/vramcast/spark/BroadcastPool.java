package dev.vramcast.spark;

import java.io.Serializable;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Things that are for one thread at a time, as they are broadcast: how they are opened travels, and
 * each executor opens as many of them as it runs tasks at a time. Later tasks take them over with
 * all that they remember.
 */
final class BroadcastPool<T> implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Opens another one. */
  @FunctionalInterface
  interface Opening<T> extends Serializable {

    T open();
  }

  private final Opening<T> opening;
  private final transient Queue<T> idle = new ConcurrentLinkedQueue<>();

  BroadcastPool(Opening<T> opening) {
    this.opening = opening;
  }

  /** One for the running task alone, until that ends. */
  T lend() {
    T known = idle.poll();
    T lent = known == null ? opening.open() : known;
    TaskCompletionListener giveBack = ended -> idle.add(lent);
    TaskContext.get().addTaskCompletionListener(giveBack);
    return lent;
  }

  private Object readResolve() {
    return new BroadcastPool<>(opening);
  }
}
