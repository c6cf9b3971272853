package dev.vramcast.sweep.rows;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a file in their order. */
public interface RawRows extends Closeable {

  /** The next row; null behind the last. */
  @Nullable RawRow next() throws IOException;
}
