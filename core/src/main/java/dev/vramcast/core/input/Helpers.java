package dev.vramcast.core.input;

import java.util.List;
import java.util.function.Supplier;

/**
 * Others who may do parts of one computation beside the thread that it is asked of. They change its
 * time alone: a part that none of them has begun is done by whoever needs it, and what a part
 * throws is thrown there. To end the computation ends its parts.
 */
public interface Helpers {

  /** Nobody helps: for whoever fills all cores with computations already. */
  Helpers NONE =
      new Helpers() {
        @Override
        public void begin(Runnable part) {}

        @Override
        public <T> List<T> all(List<? extends Supplier<T>> parts) {
          return parts.stream().<T>map(Supplier::get).toList();
        }
      };

  /**
   * Begins what will be needed, and is remembered by whoever does it. Nobody waits for it, and what
   * it throws is thrown again where it is needed.
   */
  void begin(Runnable part);

  /**
   * Does parts that do not depend on one another.
   *
   * @return what they make, in their order
   * @throws EndedException when the thread is interrupted before
   * @throws RuntimeException what a part throws, of several the first in their order
   */
  <T> List<T> all(List<? extends Supplier<T>> parts);
}
