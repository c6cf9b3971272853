package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Attention weights for which code around the attention has a name: its layer's until that returns,
 * and where the layer returns them, that of the loop over layers until the next one has returned.
 */
public final class NamedWeights {

  private static final String NAME = "attention weights";

  private static final Operation RETURNED =
      Operation.of("aten::_softmax", "transformers *Model.forward, outputs = block(...)");

  private final boolean returned;
  private boolean loops;
  private boolean again;
  private @Nullable Tensor ofAgain;
  private @Nullable Tensor ofLayer;
  private @Nullable Tensor ofLoop;
  private @Nullable Size size;

  /** How large weights are that a layer returns. */
  public record Size(long elements, DataType dtype) {}

  /**
   * Nothing has a name yet.
   *
   * @param returned layers return them
   */
  public NamedWeights(boolean returned) {
    this.returned = returned;
  }

  /** An attention has made them, in place of those that the layer has named; they stay its own. */
  public void name(Graph g, Tensor made) {
    endLayer(g);
    ofLayer = made.hold();
  }

  /** Of what a layer has returned beside its hidden states; null where none has. */
  public @Nullable Size returned() {
    return size;
  }

  /** Layers run in the loop of the forward pass, until {@link #endLoop}. */
  public void startLoop() {
    loops = returned;
  }

  /** A layer has returned. */
  public void endLayer(Graph g) {
    Tensor made = ofLayer;
    if (made == null) {
      return;
    }
    ofLayer = null;
    if (loops) {
      endNames(g);
      size = new Size(made.elements(), made.dtype());
      ofLoop = made;
    } else if (again) {
      ofAgain = made;
    } else {
      g.release(made);
    }
  }

  /** A layer runs again, of which {@link #takeAgain} gives what it returns. */
  void startAgain() {
    again = returned;
  }

  /** What the layer that ran again has returned; the caller's, null where it returns none. */
  @Nullable Tensor takeAgain() {
    again = false;
    Tensor made = ofAgain;
    ofAgain = null;
    return made;
  }

  /**
   * Runs layers that count as several: what the loop names as they begin was made once, and so is
   * what it names as they have ended.
   */
  public void repeat(Graph g, int times, Runnable layers) {
    Tensor before = ofLoop;
    ofLoop = null;
    Tensor[] last = new Tensor[1];
    g.repeat(
        times,
        () -> {
          layers.run();
          last[0] = ofLoop;
          endNames(g);
        });
    if (before != null) {
      g.release(before);
    }
    Tensor made = last[0];
    if (made != null && !made.isAlive()) {
      ofLoop = g.allocate(RETURNED, NAME, Category.ACTIVATIONS, made.elements(), made.dtype());
    }
  }

  /** The model returns. */
  public void endLoop(Graph g) {
    endNames(g);
    loops = false;
  }

  private void endNames(Graph g) {
    if (ofLoop != null) {
      g.release(ofLoop);
      ofLoop = null;
    }
  }
}
