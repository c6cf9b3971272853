package dev.tunefit.spark;

import dev.tunefit.sweep.RowEstimator;
import dev.tunefit.sweep.RowSettings;
import java.io.Serializable;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Estimators as they are broadcast: their settings travel, and each executor opens as many of them
 * as it runs tasks at a time, which later tasks take over with all that they remember.
 */
final class Estimators implements Serializable {

  private static final long serialVersionUID = 1L;

  private final RowSettings settings;
  private final transient ConcurrentLinkedQueue<RowEstimator> idle = new ConcurrentLinkedQueue<>();

  Estimators(RowSettings settings) {
    this.settings = settings;
  }

  /** One for a task alone, until that ends. */
  RowEstimator lend(TaskContext task) {
    RowEstimator known = idle.poll();
    RowEstimator lent = known == null ? RowEstimator.open(settings) : known;
    TaskCompletionListener giveBack = ended -> idle.add(lent);
    task.addTaskCompletionListener(giveBack);
    return lent;
  }

  private Object readResolve() {
    return new Estimators(settings);
  }
}
