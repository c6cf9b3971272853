package dev.vramcast.sweep.table;

import dev.vramcast.sweep.Column;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes Parquet; comes in a jar of its own, which is found as a service. */
public interface ParquetService {

  /** A table of these columns in a file, which is made new. */
  TableWriter create(Path file, List<Column> columns) throws IOException;

  /** Puts the rows of files, in their order, into one file, which is made new. */
  void join(List<Path> parts, Path file) throws IOException;

  /** The rows of a file, by the names of their columns. */
  Rows read(Path file) throws IOException;

  /** Rows of a file in their order. */
  interface Rows extends AutoCloseable {

    /** The names of the columns. */
    List<String> columns();

    /** The next row; null behind the last. */
    @Nullable Map<String, Object> next() throws IOException;

    @Override
    void close() throws IOException;
  }
}
