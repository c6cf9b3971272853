package dev.vramcast.sweep.run;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/** The parts of a table, handed out in their order. May be asked by several threads. */
public interface Parts extends Closeable {

  /** The next part that is not done; empty behind the last. */
  Optional<Part> next(IntPredicate done) throws IOException;

  /** Rows of the whole table; empty when that is not known before its end. */
  OptionalLong rows();

  /** Rows that the input had so far: those handed out, and those passed over. */
  long read();

  /** Rows that were passed over, since they were done. */
  long skipped();
}
