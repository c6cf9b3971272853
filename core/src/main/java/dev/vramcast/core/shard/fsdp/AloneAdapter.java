package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/** An adapter whose module is a unit by itself. */
final class AloneAdapter {

  private final FlatParameter flat;

  /** The whole of it, from before its backward pass on; null until then. */
  private @Nullable Tensor whole;

  AloneAdapter(FlatParameter flat) {
    this.flat = flat;
  }

  FlatParameter flat() {
    return flat;
  }

  boolean isGathered() {
    return whole != null;
  }

  /**
   * Gathers it for its backward pass, unless it is.
   *
   * @param fetched where it was gathered already; null where it was not
   */
  void gather(@Nullable Tensor fetched) {
    if (whole == null) {
      whole = fetched == null ? flat.gather() : fetched;
    }
  }

  /** Its gradient has come. */
  void finishBackward() {
    Tensor gathered = whole;
    whole = null;
    flat.finishBackward(gathered);
  }
}
