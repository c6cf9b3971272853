package dev.vramcast.spark;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.text.BoundedFile;
import dev.vramcast.input.text.Utf8;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Small files wherever Spark finds its tables: on a disk, in HDFS, in object storage.
 *
 * @param configuration names the file systems and how they are opened
 */
record Storage(Configuration configuration) {

  /** More than any price list or spec has. */
  static final int LONGEST = 64 << 20;

  /** A file's text and the day of its last change. */
  record Text(String text, LocalDate day) {}

  /**
   * Reads a file whole.
   *
   * @throws InputException when it is not there, not to be read or too long
   */
  Text read(String place) {
    Path path = path(place);
    try {
      FileSystem files = path.getFileSystem(configuration);
      Instant changed = Instant.ofEpochMilli(files.getFileStatus(path).getModificationTime());
      try (InputStream in = files.open(path)) {
        byte[] bytes = BoundedFile.bytes(in, LONGEST, Place.of(place));
        return new Text(
            Utf8.decode(bytes, Place.of(place)), LocalDate.ofInstant(changed, ZoneOffset.UTC));
      }
    } catch (FileNotFoundException e) {
      throw InputError.of("no such file").at(Place.of(place)).kind(ErrorKind.NOT_FOUND).refusal(e);
    } catch (IOException e) {
      throw unusable(place, e);
    }
  }

  /** Whether there is a file or folder. */
  boolean exists(String place) {
    Path path = path(place);
    try {
      return path.getFileSystem(configuration).exists(path);
    } catch (IOException e) {
      throw unusable(place, e);
    }
  }

  /** A table that is written whole; one that a run had put aside is brought back. */
  WholeTable table(String place) {
    Path path = path(place);
    try {
      WholeTable table = new WholeTable(path.getFileSystem(configuration), path);
      table.recover();
      return table;
    } catch (IOException e) {
      throw unusable(place, e);
    }
  }

  /** The last part of a path, by which messages name a file. */
  static String name(String place) {
    return Shown.oneLine(path(place).getName());
  }

  private static Path path(String place) {
    try {
      return new Path(place);
    } catch (IllegalArgumentException e) {
      throw InputError.value(place, " is no path: ", Shown.cause(e)).refusal(e);
    }
  }

  private static InputException unusable(String place, IOException e) {
    return InputError.of("cannot be read: ", Shown.cause(e))
        .at(Place.of(place))
        .kind(ErrorKind.UNREADABLE)
        .refusal(e);
  }
}
