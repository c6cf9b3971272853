package dev.vramcast.core.autograd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What custom functions hold as attributes of their contexts in place of saving it: no checkpoint
 * packs it, and no backward pass frees it ({@code PyNode::release_variables} of
 * torch/csrc/autograd/python_function.cpp knows saved variables alone). It lives as long as the
 * graph, which a loop that still names the loss or the logits of one step keeps into the next.
 *
 * <p>In each micro-batch: {@link #begin}; {@link #findPrevious}, which each of its passes may ask;
 * {@link #dropPrevious} when there are new outputs; {@link #hold} from first to last; {@link #end}.
 */
public final class Contexts {

  private final Graph graph;
  private final List<Held> held = new ArrayList<>();

  /** What the graph of the micro-batch before holds, while that is there. */
  private final List<Held> previous = new ArrayList<>();

  /** Seen in an earlier writing of the same step; empty in the first. */
  private List<Held> seen = List.of();

  private boolean lives;

  /** What the micro-batch before has left is on the trace: it was written there, or is found. */
  private boolean previousWritten;

  /**
   * A tensor.
   *
   * @param iterations how many equal layers hold one like it
   */
  public record Held(Tensor tensor, int iterations) {}

  Contexts(Graph graph) {
    this.graph = graph;
  }

  /** Holds a tensor on the context of a node; nothing where there is none. */
  public void hold(@Nullable Node node, Tensor tensor) {
    Recomputation again = graph.runningAgain();
    if (node == null || again != null && again.saves()) {
      return;
    }
    node.save(tensor);
    if (lives && held.stream().noneMatch(each -> each.tensor.storage == tensor.storage)) {
      held.add(new Held(tensor.hold(), graph.iterations()));
    }
  }

  /** A graph of layers that run again for their backward pass ends with that. */
  boolean within(boolean living) {
    boolean before = lives;
    lives = living && before;
    return before;
  }

  void restore(boolean living) {
    lives = living;
  }

  /**
   * Runs {@code body}, which writes a micro-batch onto another trace: what it leaves goes at its
   * end there, and what is on this trace is as it was.
   */
  void aside(Runnable body) {
    List<Held> outerHeld = List.copyOf(held);
    List<Held> outerPrevious = List.copyOf(previous);
    boolean outerWritten = previousWritten;
    held.clear();
    previous.clear();
    body.run();
    release(previous);
    release(held);
    held.addAll(outerHeld);
    previous.addAll(outerPrevious);
    previousWritten = outerWritten;
  }

  /** A micro-batch begins; the graph of the one before is there where something names it. */
  public void begin() {
    lives = true;
    previousWritten = !held.isEmpty();
    previous.addAll(held);
    held.clear();
  }

  /**
   * The backward pass has run.
   *
   * @param named something of the graph is named until the next micro-batch has outputs
   */
  public void end(boolean named) {
    lives = false;
    if (!named) {
      release(held);
    }
  }

  /** What the graphs of the last micro-batch have held, for another writing of it. */
  public List<Held> all() {
    return List.copyOf(held);
  }

  /** The step has been written before, and this was found. */
  public void seen(List<Held> before) {
    seen = before;
  }

  /** What the micro-batch before has left. */
  public void findPrevious() {
    if (previousWritten) {
      return;
    }
    previousWritten = true;
    for (Held each : seen) {
      graph.repeat(each.iterations(), () -> previous.add(again(each)));
    }
  }

  private Held again(Held each) {
    Storage of = each.tensor.storage;
    Tensor tensor = graph.allocate(of.name(), of.category(), of.elements(), of.dtype());
    return new Held(tensor, each.iterations());
  }

  /** The micro-batch has outputs of its own, and nothing names those of the one before. */
  public void dropPrevious() {
    release(previous);
  }

  private void release(List<Held> tensors) {
    for (Held each : tensors) {
      graph.repeat(each.iterations(), () -> graph.release(each.tensor()));
    }
    tensors.clear();
  }
}
