package dev.vramcast.parquet;

import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.table.ParquetService;
import dev.vramcast.sweep.table.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Parquet by DuckDB. */
public final class DuckDbParquet implements ParquetService {

  /** How files are written: Zstandard is read by all that reads Parquet. */
  static final String FORMAT = " (FORMAT parquet, COMPRESSION zstd)";

  @Override
  public TableWriter create(Path file, List<Column> columns) throws IOException {
    return new ParquetWriter(file, columns);
  }

  @Override
  public void join(List<Path> parts, Path file) throws IOException {
    String files = parts.stream().map(Database::existing).collect(Collectors.joining(", "));
    try (Database database = Database.open()) {
      database.execute(
          "COPY (SELECT * FROM read_parquet(["
              + files
              + "])) TO "
              + Database.literal(file)
              + FORMAT);
    }
  }

  @Override
  public Rows read(Path file) throws IOException {
    return new ParquetReader(file);
  }
}
