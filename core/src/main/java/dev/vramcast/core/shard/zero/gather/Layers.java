package dev.vramcast.core.shard.zero.gather;

/**
 * Equal layers that run one behind the other.
 *
 * @param first number of the first
 * @param backward from the last to the first
 */
record Layers(int first, int times, boolean backward) {

  /** What is in no layer. */
  static final Layers NONE = new Layers(0, 1, false);

  /** The number of the one that runs at so manieth. */
  int at(int position) {
    return first + (backward ? times - 1 - position : position);
  }
}
