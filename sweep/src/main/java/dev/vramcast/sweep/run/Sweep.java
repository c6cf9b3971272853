package dev.vramcast.sweep.run;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.product.Product;
import dev.vramcast.sweep.table.TableFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A sweep that is ready to run.
 *
 * @param input what is estimated
 * @param estimators makes one for each thread
 * @param rowsOfPart about how many rows a thread writes into one file
 * @param disk on which the table is written
 * @param columns that the table has, in their order; no more is computed than they need
 */
public record Sweep(
    Input input,
    Supplier<RowEstimator> estimators,
    int threads,
    long rowsOfPart,
    Disk disk,
    List<Column> columns) {

  /** So many that a file is worth opening, and so few that little is lost with a part. */
  private static final long ROWS_OF_PART = 200_000;

  /** Rows that a thread holds until their turn. */
  private static final long ROWS_OF_CHUNK = 5_000;

  public Sweep {
    columns = List.copyOf(columns);
  }

  /** A sweep in parts of the usual size, with all columns. */
  public Sweep(Input input, Supplier<RowEstimator> estimators, int threads) {
    this(input, estimators, threads, ROWS_OF_PART, Disk.real(), Column.all());
  }

  /** The same with some of the columns. */
  public Sweep with(List<Column> some) {
    return new Sweep(input, estimators, threads, rowsOfPart, disk, some);
  }

  /** Where rows come from. */
  public interface Input {

    /** Cuts the rows into parts of about so many. */
    Parts parts(long rows) throws IOException;

    /** Says all that decides the rows, so that parts of another sweep are known. */
    String identity() throws IOException;
  }

  /** All combinations of a spec. */
  public static Input of(Product product, String version) {
    return new ProductInput(product, version);
  }

  /**
   * The rows of a table.
   *
   * @param format of the file
   */
  public static Input of(Path rows, TableFormat format, String version) throws IOException {
    return new TableInput(rows, format, version);
  }

  /** Writes lines to a stream as they come. */
  public Summary to(OutputStream out, TableFormat format, Progress progress) throws IOException {
    return run(ROWS_OF_CHUNK, new LineStream(out, format, columns), progress);
  }

  /** Writes parts into a folder; those that are there from an earlier run are kept. */
  public Summary toFolder(Path folder, TableFormat format, Progress progress) throws IOException {
    try (PartFolder parts = new PartFolder(folder, format, columns, disk)) {
      parts.open(manifest(format));
      return run(rowsOfPart, parts, progress);
    }
  }

  /** Writes one file, by way of a folder beside it, which a later run takes up. */
  public Summary toFile(Path file, TableFormat format, Progress progress) throws IOException {
    if (Files.isDirectory(file)) {
      throw InputError.of("is a folder")
          .kind(ErrorKind.UNREADABLE)
          .at(Place.of(file.toString()))
          .refusal();
    }
    Path folder = partsOf(file);
    try (PartFolder parts = new PartFolder(folder, format, columns, disk)) {
      parts.open(manifest(format));
      Target whole = new OneFile(file, format, parts, disk);
      return run(rowsOfPart, whole, progress);
    }
  }

  private Summary run(long rows, Target target, Progress progress) throws IOException {
    try (Parts parts = input.parts(rows)) {
      return new Workers(parts, target, () -> estimators.get().only(columns))
          .run(threads, progress);
    }
  }

  /** The folder in which parts of a file lie until it is whole. */
  public static Path partsOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".parts");
  }

  private String manifest(TableFormat format) throws IOException {
    String labels = columns.stream().map(Column::label).collect(Collectors.joining(","));
    String cut = columns.equals(Column.all()) ? "" : "columns " + labels + "\n";
    String written = "format " + format.label() + "\nrows of a part " + rowsOfPart + "\n" + cut;
    return written + input.identity();
  }
}
