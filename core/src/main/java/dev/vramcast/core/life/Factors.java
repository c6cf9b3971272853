package dev.vramcast.core.life;

import dev.vramcast.core.module.part.Trainable;
import java.util.List;

/** Pairs of low-rank factors, whose products are merged into weights. */
final class Factors {

  private Factors() {}

  /** Elements of the largest product; 0 where there are no pairs. */
  static long largestProduct(List<Trainable> trained) {
    long largest = 0;
    long inputs = 0;
    for (Trainable each : trained) {
      String path = each.parameter().module().path();
      if (path.endsWith("_A")) {
        inputs = each.columns();
      } else if (path.endsWith("_B")) {
        largest = Math.max(largest, Math.multiplyExact(inputs, each.rows()));
      }
    }
    return largest;
  }
}
