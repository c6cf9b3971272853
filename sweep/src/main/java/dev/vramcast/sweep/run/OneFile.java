package dev.vramcast.sweep.run;

import dev.vramcast.input.disk.Disk;
import dev.vramcast.sweep.table.ParquetTables;
import dev.vramcast.sweep.table.TableFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntPredicate;

/** One file, whose parts lie in a folder beside it until all are there. */
final class OneFile implements Target {

  private final Path file;
  private final TableFormat format;
  private final PartFolder parts;
  private final Disk disk;

  OneFile(Path file, TableFormat format, PartFolder parts, Disk disk) {
    this.file = file;
    this.format = format;
    this.parts = parts;
    this.disk = disk;
  }

  @Override
  public IntPredicate done() {
    return parts.done();
  }

  @Override
  public void keep(Part part, Work work) throws IOException {
    parts.keep(part, work);
  }

  /** The parts stay until the file and its name are on the disk. */
  @Override
  public void finish() throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".part");
    try {
      if (format == TableFormat.PARQUET) {
        ParquetTables.service().join(parts.files(), fresh);
      } else {
        join(parts.files(), fresh);
      }
      disk.publish(fresh, file);
    } catch (IOException | RuntimeException e) {
      PartFolder.deleteAfter(e, fresh, disk);
      throw e;
    }
    parts.remove();
  }

  private void join(List<Path> files, Path fresh) throws IOException {
    try (OutputStream out = disk.create(fresh)) {
      boolean header = true;
      for (Path part : files) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(part))) {
          if (format == TableFormat.CSV && !header) {
            skipLine(in);
          }
          in.transferTo(out);
        }
        header = false;
      }
    }
  }

  /** The names of the columns have no line feeds. */
  private static void skipLine(InputStream in) throws IOException {
    int next = in.read();
    while (next >= 0 && next != '\n') {
      next = in.read();
    }
  }
}
