package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows for distances that stand before all layers, and what says whose distance they are
 * (transformers DebertaV2Encoder.forward).
 */
public final class SharedRows {

  private final Boundary boundary = new Boundary();

  /** As the norm has made them; null until then. */
  private @Nullable Tensor made;

  /** The same as layers read them. */
  private @Nullable Tensor given;

  private @Nullable Tensor distances;
  private @Nullable Tensor mask;

  /** Takes over the rows, which are the biases of scores. */
  public void make(Graph g, Tensor rows) {
    made = rows.hold();
    given = boundary.enterAll(g, rows);
  }

  /** Takes over all arguments: the rows, whole numbers for pairs of tokens, and who sees whom. */
  public void make(Graph g, Tensor rows, Tensor wholeNumbers, Tensor seen) {
    make(g, rows);
    distances = wholeNumbers;
    mask = seen;
  }

  /** The rows in a layer; the caller's. */
  public Tensor read() {
    return Objects.requireNonNull(given, "rows").hold();
  }

  /** Whether the model keeps what each layer gives until it returns. */
  public boolean keepsStates() {
    return mask != null;
  }

  /** Who sees whom; stays here. */
  public Tensor mask() {
    return Objects.requireNonNull(mask, "mask");
  }

  /** No layer reads them any more. */
  public void release(Graph g) {
    if (made != null && given != null) {
      g.release(made, given);
    }
    if (distances != null && mask != null) {
      g.release(distances, mask);
    }
  }

  /** All layers' backward passes have run: their gradients go to what has made the rows. */
  public void sendBack(Graph g) {
    Tensor gradient = boundary.take();
    if (gradient != null) {
      g.send(Objects.requireNonNull(made, "rows"), gradient);
    }
  }
}
