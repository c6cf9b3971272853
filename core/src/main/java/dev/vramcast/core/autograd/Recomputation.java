package dev.vramcast.core.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of a checkpoint that runs again. It ends with the last tensor that has to be
 * brought back, in the middle of running code; so every tensor it makes is remembered.
 */
final class Recomputation {

  private final Checkpoint checkpoint;
  private final List<Tensor> made = new ArrayList<>();

  /** A computation on the side that saves for itself. */
  private boolean paused;

  Recomputation(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /** Runs the forward pass again, up to the last tensor it has to bring back. */
  void run(Graph graph, Runnable forward) {
    graph.recompute(
        this,
        checkpoint.autocast(),
        () -> {
          try {
            forward.run();
          } catch (Done done) {
            graph.sideGraphs().closeAll();
            abandonVariables(graph, graph.castCache());
          }
        });
  }

  void add(Tensor tensor) {
    made.add(tensor);
  }

  /** Whether what is saved belongs to the checkpoint's nodes. */
  boolean saves() {
    return !paused;
  }

  /** Runs what saves for itself, also where a checkpoint, which may be null, runs again. */
  static <T> T outside(@Nullable Recomputation running, Supplier<T> body) {
    if (running == null) {
      return body.get();
    }
    running.paused = true;
    T result = body.get();
    running.paused = false;
    return result;
  }

  /** What the first run kept of an operation, null when it runs again. */
  @Nullable Tensor take(boolean product) {
    return checkpoint.take(product);
  }

  /** Brings a saved tensor back; throws {@link Done} when it was the last. */
  void refill(Tensor tensor) {
    if (checkpoint.refill(tensor)) {
      throw Done.INSTANCE;
    }
  }

  /** What running code held is gone when it is left by an exception. */
  private void abandonVariables(Graph graph, CastCache cache) {
    for (Tensor tensor : made) {
      if (tensor.held > 0) {
        tensor.held = cache.holds(tensor) ? 1 : 0;
        graph.freeIfUnused(tensor);
      }
    }
  }

  /** Ends a recomputation early, as {@code _StopRecomputationError} does. */
  static final class Done extends RuntimeException {

    private static final long serialVersionUID = 1L;

    // Without a stack trace, one is as good as another, and a layer throws many.
    @SuppressWarnings("StaticAssignmentOfThrowable")
    private static final Done INSTANCE = new Done();

    private Done() {
      super(null, null, false, false);
    }
  }
}
