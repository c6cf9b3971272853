package dev.vramcast.sweep.run;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.input.text.Presence;
import dev.vramcast.input.text.Unreadable;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSink;
import dev.vramcast.sweep.rows.CsvRows;
import dev.vramcast.sweep.rows.JsonRows;
import dev.vramcast.sweep.rows.ParquetRows;
import dev.vramcast.sweep.rows.RawRow;
import dev.vramcast.sweep.rows.RawRows;
import dev.vramcast.sweep.table.TableFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The rows of a file as input. */
final class TableInput implements Sweep.Input {

  /** Rows and bytes of a part, which is held while it is estimated. */
  private static final int MOST_ROWS = 20_000;

  private static final long MOST_BYTES = 32L << 20;

  private final Path file;
  private final TableFormat format;
  private final String version;

  TableInput(Path file, TableFormat format, String version) {
    this.file = file;
    this.format = format;
    this.version = version;
    if (!Presence.isFile(file)) {
      String what = Files.exists(file) ? "is no file" : "no such file";
      throw InputError.of(what).kind(ErrorKind.MALFORMED).at(Place.of(file.toString())).refusal();
    }
    try {
      open().close();
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    }
  }

  private RawRows open() throws IOException {
    return switch (format) {
      case CSV -> new CsvRows(file);
      case JSONL -> new JsonRows(file);
      case PARQUET -> new ParquetRows(file);
    };
  }

  @Override
  public Parts parts(long rows) throws IOException {
    return new Cut(file, open(), (int) Math.min(rows, MOST_ROWS));
  }

  @Override
  public String identity() {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return "vramcast " + version + "\ntable " + HexFormat.of().formatHex(digest.digest()) + "\n";
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Rows that were read, as a part. */
  private record Read(int number, List<RawRow> read) implements Part {

    @Override
    public long rows() {
      return read.size();
    }

    @Override
    public void deliver(RowEstimator estimator, RowSink sink) throws IOException {
      for (RawRow row : read) {
        sink.row(row.estimate(estimator));
      }
    }
  }

  /** Cuts rows into parts, always at the same places. */
  private static final class Cut implements Parts {

    private final Path file;
    private final RawRows rows;
    private final int rowsOfPart;
    private int next;
    private long count;
    private long skipped;

    Cut(Path file, RawRows rows, int rowsOfPart) {
      this.file = file;
      this.rows = rows;
      this.rowsOfPart = rowsOfPart;
    }

    @Override
    public synchronized Optional<Part> next(IntPredicate done) {
      Part part = cut();
      while (part.rows() > 0 && done.test(part.number())) {
        skipped += part.rows();
        part = cut();
      }
      return part.rows() > 0 ? Optional.of(part) : Optional.empty();
    }

    private Part cut() {
      List<RawRow> read = new ArrayList<>();
      long bytes = 0;
      while (read.size() < rowsOfPart && bytes < MOST_BYTES) {
        RawRow row = row();
        if (row == null) {
          break;
        }
        read.add(row);
        bytes += row.bytes();
      }
      Part part = new Read(next, read);
      count += read.size();
      next++;
      return part;
    }

    private @Nullable RawRow row() {
      try {
        return rows.next();
      } catch (IOException e) {
        throw Unreadable.refusal(file, e);
      }
    }

    @Override
    public OptionalLong rows() {
      return OptionalLong.empty();
    }

    @Override
    public synchronized long read() {
      return count;
    }

    @Override
    public synchronized long skipped() {
      return skipped;
    }

    @Override
    public synchronized void close() throws IOException {
      rows.close();
    }
  }
}
