package dev.vramcast.core.autograd;

import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A tensor without values: what matters is how long its storage lives. Like a Python object it is
 * counted by reference: by the code that holds it, and by the graph nodes that saved it.
 */
public final class Tensor {

  /** Something a gradient is sent to: a node of the graph, or a parameter. */
  interface GradientTarget {

    /** Takes over {@code gradient}, of the given output. */
    void accept(Graph graph, int output, Tensor gradient);
  }

  public final Storage storage;
  public final DataType dtype;
  public final long elements;

  /** Whose gradient this tensor's is, null when none is wanted. */
  final @Nullable GradientTarget source;

  /** Which output of {@link #source} it is. */
  final int output;

  /**
   * The tensor of which this is a view; it lives as long as the view does. Null where this is no
   * view.
   */
  final @Nullable Tensor base;

  /** References held by running code. */
  int held = 1;

  /** References held by graph nodes. */
  int saved;

  /** Living views of it. */
  int views;

  /** Its latest cast to another dtype, which may be gone; null where there was none. */
  @Nullable Tensor cast;

  /** References held by results that are computed from it and not written yet. */
  int read;

  public Tensor(
      Storage storage,
      DataType dtype,
      long elements,
      @Nullable GradientTarget source,
      int output,
      @Nullable Tensor base) {
    this.storage = storage;
    this.dtype = dtype;
    this.elements = elements;
    this.source = source;
    this.output = output;
    this.base = base;
    storage.tensors++;
  }

  public DataType dtype() {
    return dtype;
  }

  public long elements() {
    return elements;
  }

  /** The same, a new tensor whose last dimension has so many features. */
  public Tensor of(long features) {
    storage.of(features);
    return this;
  }

  public boolean requiresGrad() {
    return source != null;
  }

  /** A second tensor on the same storage, whose gradient goes elsewhere. */
  Tensor with(@Nullable GradientTarget newSource, int newOutput) {
    return new Tensor(storage, dtype, elements, newSource, newOutput, null);
  }

  /** Whether one reference, and nothing else, leads to the storage. */
  boolean ownedByOne() {
    return held == 1 && saved + views + read == 0 && storage.tensors == 1 && base == null;
  }

  /** Whether anything still refers to it. */
  boolean isReferred() {
    return held + saved + views + read > 0;
  }

  /** Whether its storage is in memory. */
  public boolean isAlive() {
    return storage.tensors > 0;
  }

  /** Holds the tensor once more, as a second variable does. */
  public Tensor hold() {
    held++;
    return this;
  }
}
