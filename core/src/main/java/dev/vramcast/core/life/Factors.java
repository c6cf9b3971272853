package dev.vramcast.core.life;

import dev.vramcast.core.module.part.Trainable;
import java.util.List;
import java.util.function.BiConsumer;

/** Pairs of low-rank factors, whose products are merged into weights. */
final class Factors {

  private Factors() {}

  /**
   * The pair with the largest product.
   *
   * @param product its elements
   * @param factors elements of both factors
   */
  record Largest(long product, long factors) {}

  /** Elements of the largest product; 0 where there are no pairs. */
  static long largestProduct(List<Trainable> trained) {
    return largest(trained).product();
  }

  /** The pair with the largest product; of no elements where there are no pairs. */
  static Largest largest(List<Trainable> trained) {
    Largest[] largest = {new Largest(0, 0)};
    each(
        trained,
        (first, second) -> {
          long product = Math.multiplyExact(first.columns(), second.rows());
          if (product > largest[0].product()) {
            largest[0] = new Largest(product, first.elements() + second.elements());
          }
        });
    return largest[0];
  }

  /** Elements of all products, each of which a weight has. */
  static long products(List<Trainable> trained) {
    long[] sum = {0};
    each(
        trained,
        (first, second) ->
            sum[0] +=
                Math.multiplyExact(
                    Math.multiplyExact(first.columns(), second.rows()), second.copies()));
    return sum[0];
  }

  private static void each(List<Trainable> trained, BiConsumer<Trainable, Trainable> pair) {
    Trainable first = null;
    for (Trainable each : trained) {
      String path = each.parameter().module().path();
      if (path.endsWith("_A")) {
        first = each;
      } else if (path.endsWith("_B") && first != null) {
        pair.accept(first, each);
      }
    }
  }
}
