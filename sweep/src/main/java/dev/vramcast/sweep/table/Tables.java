package dev.vramcast.sweep.table;

import dev.vramcast.input.disk.Disk;
import dev.vramcast.sweep.Column;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** Opens tables to write. */
public final class Tables {

  private static final int BUFFER = 1 << 16;

  private Tables() {}

  /**
   * A table in a file, which is made new.
   *
   * @param columns that it has, in their order
   * @param disk writes lines; Parquet writes its files itself
   */
  public static TableWriter create(Path file, TableFormat format, List<Column> columns, Disk disk)
      throws IOException {
    return format == TableFormat.PARQUET
        ? ParquetTables.service().create(file, columns)
        : lines(new BufferedOutputStream(disk.create(file), BUFFER), format, columns, true);
  }

  /**
   * A table of lines.
   *
   * @param columns that it has, in their order
   * @param header whether one comes first, where the format has it
   * @throws IllegalArgumentException for a format that is no text
   */
  public static TableWriter lines(
      OutputStream out, TableFormat format, List<Column> columns, boolean header) {
    return switch (format) {
      case CSV -> new CsvTable(out, columns, header);
      case JSONL -> new JsonlTable(out, columns);
      case PARQUET -> throw new IllegalArgumentException("Parquet is no text");
    };
  }
}
