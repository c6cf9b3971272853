package dev.vramcast.core.shard.fsdp;

/**
 * An adapter whose module is a unit by itself and stays gathered between its passes. Outside of
 * them its parameter is a view of the shard all the same, of whose dtype it then is ({@code
 * FlatParamHandle.reshard}).
 */
final class KeptAdapter {

  private final FlatParameter flat;
  private final int place;
  private boolean whole;

  /**
   * Not in use.
   *
   * @param place among what the unit around it gathers
   */
  KeptAdapter(FlatParameter flat, int place) {
    this.flat = flat;
    this.place = place;
  }

  FlatParameter flat() {
    return flat;
  }

  int place() {
    return place;
  }

  boolean isWhole() {
    return whole;
  }

  /** {@code _pre_backward_hook}, or that of the one behind it has fetched it. */
  void use() {
    whole = true;
  }

  /** Its gradient has come. */
  void end() {
    whole = false;
  }
}
