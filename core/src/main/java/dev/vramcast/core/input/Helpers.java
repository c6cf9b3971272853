package dev.vramcast.core.input;

import java.util.ArrayList;
import java.util.Collections;
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
          List<T> made = new ArrayList<>();
          for (Supplier<T> part : parts) {
            Interruption.check();
            made.add(part.get());
          }
          return Collections.unmodifiableList(made);
        }
      };

  /**
   * Begins what will be needed, and is remembered by whoever does it. Nobody waits for it, and what
   * it throws is thrown again where it is needed.
   */
  void begin(Runnable part);

  /**
   * Does parts that do not depend on one another. Once one has failed, the asking thread begins
   * none behind it.
   *
   * @return what they make, in their order
   * @throws EndedException when the thread is interrupted before one of them
   * @throws RuntimeException what a part throws, of several the first in their order
   */
  <T> List<T> all(List<? extends Supplier<T>> parts);
}
