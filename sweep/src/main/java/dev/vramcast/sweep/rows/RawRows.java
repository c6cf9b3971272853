package dev.vramcast.sweep.rows;

import java.io.Closeable;
import java.io.IOException;

/** The rows of a file in their order. */
public interface RawRows extends Closeable {

  /** The next row; null behind the last. */
  RawRow next() throws IOException;
}
