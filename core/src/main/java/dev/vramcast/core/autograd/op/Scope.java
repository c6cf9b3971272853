package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The local variables of a running function: the tensors it owns are released in written order when
 * it ends, as CPython drops a frame's locals. What outlives it is its result, or held once more.
 */
public final class Scope implements AutoCloseable {

  private static final int USUAL = 8;

  private final Graph graph;
  private Tensor[] owned = new Tensor[USUAL];
  private int count;

  private Scope(Graph graph) {
    this.graph = graph;
  }

  public static Scope of(Graph graph) {
    return new Scope(graph);
  }

  /** Takes over the caller's reference to {@code tensor} until the scope ends. */
  public Tensor own(Tensor tensor) {
    if (count == owned.length) {
      owned = Arrays.copyOf(owned, 2 * count);
    }
    owned[count++] = tensor;
    return tensor;
  }

  /** As {@link #own(Tensor)}; nothing where there is no tensor. */
  public @Nullable Tensor ownIfAny(@Nullable Tensor tensor) {
    return tensor == null ? null : own(tensor);
  }

  /** As {@link #own(Tensor)}, all of them. */
  public Tensor[] own(Tensor[] tensors) {
    for (Tensor tensor : tensors) {
      own(tensor);
    }
    return tensors;
  }

  @Override
  public void close() {
    for (int i = 0; i < count; i++) {
      graph.release(owned[i]);
    }
  }
}
