package dev.vramcast.sweep.table;

import dev.vramcast.input.disk.Disk;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** Opens tables to write. */
public final class Tables {

  private static final int BUFFER = 1 << 16;

  private Tables() {}

  /**
   * A table in a file, which is made new.
   *
   * @param disk writes lines; Parquet writes its files itself
   */
  public static TableWriter create(Path file, TableFormat format, Disk disk) throws IOException {
    return format == TableFormat.PARQUET
        ? ParquetTables.service().create(file)
        : lines(new BufferedOutputStream(disk.create(file), BUFFER), format, true);
  }

  /**
   * A table of lines.
   *
   * @param header whether one comes first, where the format has it
   * @throws IllegalArgumentException for a format that is no text
   */
  public static TableWriter lines(OutputStream out, TableFormat format, boolean header) {
    return switch (format) {
      case CSV -> new CsvTable(out, header);
      case JSONL -> new JsonlTable(out);
      case PARQUET -> throw new IllegalArgumentException("Parquet is no text");
    };
  }
}
