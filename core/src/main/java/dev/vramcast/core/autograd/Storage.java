package dev.vramcast.core.autograd;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.CallSite;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.MemorySpace;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** Memory shared by a tensor and its views; freed with the last of them. */
public final class Storage extends Block {

  /** Tensors on this storage. */
  int tensors;

  /** What it is computed from while no kernel has written it to memory; null once one has. */
  Tensor @Nullable [] sources;

  /** Every iteration of a repeated section reads it. */
  boolean shared;

  Storage(
      String name,
      Category category,
      DataType dtype,
      long elements,
      Stream stream,
      MemorySpace space,
      CallSite site) {
    super(name, category, dtype, elements, stream, space, site.module(), site.operation());
  }

  /** Its last dimension has so many features, where that divides its elements. */
  void of(long features) {
    if (features > 0 && elements() % features == 0) {
      features(features);
    }
  }

  /** It has the last dimension of another where it has as many elements. */
  public void like(Storage other) {
    if (elements() == other.elements()) {
      features(other.features());
    }
  }
}
