package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bias of attention scores that the first layer of a stack makes and all others read
 * (transformers T5Stack.forward, {@code position_bias}).
 */
public final class SharedBias {

  private final Boundary boundary = new Boundary();

  /** As the first layer has made it; null until then. */
  private @Nullable Tensor made;

  /** The same as others read it. */
  private @Nullable Tensor given;

  /** Nothing holds them any more. */
  private boolean released;

  /** What lives until the backward pass of a layer ends. */
  private final List<Tensor> ofLayer = new ArrayList<>();

  /** Gradients have come back. */
  private boolean begun;

  /** It stays, with its gradient, until the graph is gone. */
  private boolean isLeaf;

  /**
   * The bias in the first layer, which makes it again where a checkpoint runs again.
   *
   * @param wanted a gradient comes back from the other layers
   * @return the caller's
   */
  public Tensor make(Graph g, boolean wanted, Supplier<Tensor> bias) {
    Tensor own = bias.get();
    if (made == null) {
      made = own.hold();
      given =
          wanted ? boundary.enterAllRequiringGrad(g, own.hold()) : boundary.enterAll(g, own.hold());
    } else if (own.requiresGrad() && !made.requiresGrad()) {
      // A pass of its own, which begins with what came back from the other layers, and holds what
      // its forward pass has given.
      ofLayer.add(own.hold());
      send(g, own);
    }
    return own;
  }

  /**
   * As {@link #make}, of a constant, which is a leaf of the graph.
   *
   * @param wanted it takes a gradient all the same
   * @param stays with its gradient until the graph is gone
   */
  public Tensor makeLeaf(Graph g, boolean wanted, boolean stays, Supplier<Tensor> bias) {
    if (made != null) {
      Tensor own = bias.get();
      if (wanted && !stays) {
        ofLayer.add(own.hold());
      }
      return own;
    }
    g.release(make(g, wanted, bias));
    isLeaf = wanted && stays;
    return read();
  }

  /** The bias in another layer; the caller's. */
  public Tensor read() {
    if (given == null) {
      throw new IllegalStateException("no layer has made the bias");
    }
    return given.hold();
  }

  /** Whether a gradient comes back from layers that read it. */
  public boolean requiresGrad() {
    return given != null && given.requiresGrad();
  }

  /** The backward passes of all layers but the first have run: nobody reads the bias any more. */
  public void endReading(Graph g) {
    if (!isLeaf) {
      forget(g);
    }
  }

  /** The first layer's backward pass begins: what came back from the others is sent there. */
  public void sendBack(Graph g) {
    if (made != null && made.requiresGrad()) {
      send(g, made);
    }
  }

  /**
   * The backward pass of a layer begins. Where that is a pass of its own, the gradient that it
   * begins with lives until it ends, though a sum is handed on; zeros in the last layer
   * (torch/utils/checkpoint.py CheckpointFunction.backward).
   */
  public void beginBackward(Graph g) {
    if (given == null || made == null || !given.requiresGrad() || made.requiresGrad() || isLeaf) {
      return;
    }
    if (!begun) {
      begun = true;
      boundary.accept(g, 0, zeros(g, given));
    }
    boundary.held().ifPresent(ofLayer::add);
  }

  /** It has ended. */
  public void endBackward(Graph g) {
    ofLayer.forEach(g::release);
    ofLayer.clear();
  }

  private static Tensor zeros(Graph g, Tensor like) {
    return g.allocate(
        Aten.ZEROS,
        Pointwise.gradientName(like),
        Pointwise.gradientCategory(like),
        like.elements(),
        like.dtype());
  }

  private void send(Graph g, Tensor own) {
    Tensor gradient = boundary.take();
    if (gradient != null) {
      g.send(own, gradient);
    }
  }

  /** No layer reads it any more. */
  public void release(Graph g) {
    if (!isLeaf) {
      drop(g);
    }
  }

  /** The graph is gone. */
  public void end(Graph g) {
    if (isLeaf) {
      drop(g);
    }
  }

  private void forget(Graph g) {
    if (made != null && given != null && !released) {
      g.release(made, given);
      released = true;
    }
  }

  private void drop(Graph g) {
    forget(g);
    Tensor gradient = boundary.take();
    if (gradient != null) {
      g.release(gradient);
    }
  }
}
