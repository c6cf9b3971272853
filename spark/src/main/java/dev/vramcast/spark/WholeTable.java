package dev.vramcast.spark;

import dev.vramcast.input.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * A folder of Parquet that is there whole or not at all, and in whose place an older one stays
 * until then. The rows are written into a folder beside it, which gets its name at the end. Where a
 * folder cannot be renamed at once, as in object storage, they are written in place, and {@code
 * _SUCCESS} says that they are all there.
 *
 * @param files where it is
 * @param name its path
 */
record WholeTable(FileSystem files, Path name) {

  private static final Set<String> RENAMED_AT_ONCE = Set.of("file", "hdfs", "viewfs");

  /** Brings an older table back that a run had put aside when it ended. */
  void recover() throws IOException {
    if (isRenamedAtOnce() && !files.exists(name) && files.exists(beside(".old"))) {
      rename(beside(".old"), name);
    }
  }

  /**
   * Writes the rows.
   *
   * @param overwrite an older table, which is an error otherwise
   */
  void write(Dataset<Row> table, boolean overwrite) throws IOException {
    if (!isRenamedAtOnce()) {
      SaveMode mode = overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists;
      table.write().mode(mode).parquet(name.toString());
      return;
    }
    Path fresh = beside(".new");
    Path old = beside(".old");
    table.write().mode(SaveMode.Overwrite).parquet(fresh.toString());
    force(fresh);
    if (files.exists(name)) {
      if (!overwrite) {
        throw new IOException(name + " has come to be there in the meantime");
      }
      files.delete(old, true);
      rename(name, old);
    }
    try {
      rename(fresh, name);
    } catch (IOException e) {
      bringBack(e);
      throw e;
    }
    files.delete(old, true);
  }

  /** The older table, where the new one cannot get its name. */
  private void bringBack(IOException failure) {
    try {
      recover();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private boolean isRenamedAtOnce() {
    return RENAMED_AT_ONCE.contains(files.getUri().getScheme());
  }

  private Path beside(String ending) {
    Path whole = files.makeQualified(name);
    return new Path(whole.getParent(), "." + whole.getName() + ending);
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException(from + " cannot be renamed to " + to);
    }
    if (isLocal()) {
      Disk.real().forceFolder(Disk.folderOf(local(to)));
    }
  }

  /** A file system of many machines does so by itself. */
  private void force(Path folder) throws IOException {
    if (!isLocal()) {
      return;
    }
    try (Stream<java.nio.file.Path> all = Files.walk(local(folder))) {
      List<java.nio.file.Path> paths = all.toList();
      for (java.nio.file.Path each : paths) {
        if (Files.isDirectory(each)) {
          Disk.real().forceFolder(each);
        } else {
          Disk.real().force(each);
        }
      }
    }
  }

  private boolean isLocal() {
    return files.getUri().getScheme().equals("file");
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(Path.getPathWithoutSchemeAndAuthority(path).toString());
  }
}
