package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computations whose results are only used detached, and what their nodes saved. */
public final class SideGraphs {

  private final Graph graph;
  private final List<Recording> open = new ArrayList<>();

  /** What is recorded around the computation that runs, null while none does. */
  private @Nullable Recording outer;

  private boolean recordsCastsAlone;

  SideGraphs(Graph graph) {
    this.graph = graph;
  }

  /**
   * Records a computation: what its nodes save lives until {@link #close}, and no backward pass
   * runs through it.
   */
  public <T> T open(Supplier<T> body) {
    if (graph.packs() || !graph.gradEnabled()) {
      recordsCastsAlone = graph.gradEnabled();
      T result = graph.withoutGrad(body);
      recordsCastsAlone = false;
      open.add(new Recording());
      return result;
    }
    return Recomputation.outside(
        graph.runningAgain(),
        () -> {
          outer = graph.recording();
          Recording.Of<T> side = graph.recorded(body);
          open.add(side.recording());
          outer = null;
          return side.result();
        });
  }

  /**
   * The node of a weight's autocast copy. The copy is cached and used by others, so its node
   * belongs to the main graph even when a side graph makes it.
   */
  public @Nullable Node castNode(Operation operation, Node.Backward backward, Tensor weight) {
    Recording target = outer == null ? graph.recording() : outer;
    boolean records = graph.gradEnabled() || recordsCastsAlone;
    return graph.nodeIn(target, records, operation, backward, weight);
  }

  /** Frees what the latest computation saved. */
  public void close() {
    BackwardPass.drop(graph, open.remove(open.size() - 1));
  }

  void closeAll() {
    open.forEach(side -> BackwardPass.drop(graph, side));
    open.clear();
  }
}
