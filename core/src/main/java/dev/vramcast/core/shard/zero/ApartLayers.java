package dev.vramcast.core.shard.zero;

/**
 * How many equal layers have to be written apart at either end of all, since what is gathered or
 * reduced at them differs from what is at those in between.
 */
public final class ApartLayers {

  /** Layers so thin that more of them differ are followed so far. */
  private static final int MOST = 64;

  /** Layers of which each is written apart at most; of more those in between are written once. */
  public static final int ALL = 2 * MOST + 1;

  private long elements;
  private long layers;

  /** A parameter of so many layers. */
  void add(long each, int times) {
    elements += each * times;
  }

  /** So many layers more. */
  void layer(int times) {
    layers += times;
  }

  /** Layers that have so many elements of parameters together; 0 for none. */
  int holding(long reach) {
    if (reach == 0 || layers == 0) {
      return 0;
    }
    long each = Math.max(1, elements / layers);
    return Math.toIntExact(Math.min(MOST, reach / each + 1));
  }
}
