package dev.vramcast.sweep.run;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.input.text.Listing;
import dev.vramcast.input.text.Presence;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.table.TableFormat;
import dev.vramcast.sweep.table.TableWriter;
import dev.vramcast.sweep.table.Tables;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder with the parts of a table. A part gets its name when all of it is on the disk, so what
 * has a name is whole, whenever the process ends. A manifest says what the parts are parts of.
 */
final class PartFolder implements Target, Closeable {

  private static final Subject OUT = new Subject.Flag("--out");
  private static final String LOCK = ".lock";
  private static final String MANIFEST = "manifest.txt";
  private static final String UNDER_WAY = ".part";
  private static final int MOST_PARTS = 1_000_000;

  private final Path folder;
  private final TableFormat format;
  private final List<Column> columns;
  private final Disk disk;
  private final Pattern names;
  private final BitSet done = new BitSet();

  /** Null while the folder is not taken. */
  private @Nullable FileChannel lockFile;

  PartFolder(Path folder, TableFormat format, List<Column> columns, Disk disk) {
    this.folder = folder;
    this.format = format;
    this.columns = columns;
    this.disk = disk;
    this.names = Pattern.compile("part-(\\d{6})\\." + format.label());
  }

  /**
   * Makes the folder, or takes up what is there.
   *
   * @param manifest says what is swept, and how it is cut
   * @throws InputException when there is something else, or another process is at it
   */
  void open(String manifest) throws IOException {
    disk.makeFolders(folder);
    lock();
    Path file = folder.resolve(MANIFEST);
    if (!Presence.isThere(file)) {
      refuseOthers();
      Path fresh = folder.resolve(MANIFEST + UNDER_WAY);
      try (OutputStream out = disk.create(fresh)) {
        out.write(manifest.getBytes(StandardCharsets.UTF_8));
      }
      disk.publish(fresh, file);
    } else if (Files.size(file) > 1 << 16 || !Files.readString(file).equals(manifest)) {
      throw error("holds parts of another sweep, or of one by other prices or another version")
          .hint("remove it, or give another ", OUT)
          .refusal();
    }
    find();
  }

  private void lock() throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    lockFile = channel;
    if (!isFree(channel)) {
      throw error("another sweep is writing there").refusal();
    }
  }

  /** Takes the lock, which goes with the file. */
  private static boolean isFree(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void refuseOthers() throws IOException {
    Listing.of(folder).stream()
        .map(path -> String.valueOf(path.getFileName()))
        .filter(name -> !name.equals(LOCK) && !name.endsWith(UNDER_WAY))
        .findFirst()
        .ifPresent(
            other -> {
              throw error("holds " + Shown.given(other))
                  .allowed("a new or an empty folder, or that of the same sweep")
                  .refusal();
            });
  }

  private void find() throws IOException {
    for (Path path : Listing.of(folder)) {
      String name = String.valueOf(path.getFileName());
      Matcher part = names.matcher(name);
      if (part.matches()) {
        done.set(Integer.parseInt(part.group(1)));
      } else if (name.endsWith(UNDER_WAY)) {
        disk.delete(path);
      }
    }
  }

  private InputError error(String what) {
    return InputError.of(what).at(Place.of(folder.toString()));
  }

  @Override
  public synchronized IntPredicate done() {
    BitSet known = (BitSet) done.clone();
    return known::get;
  }

  @Override
  public void keep(Part part, Work work) throws IOException {
    if (part.number() >= MOST_PARTS) {
      throw InputError.of("the table has more than ", MOST_PARTS, " parts").refusal();
    }
    Path whole = file(part.number());
    Path file = folder.resolve(whole.getFileName() + UNDER_WAY);
    try {
      try (TableWriter writer = Tables.create(file, format, columns, disk)) {
        work.to(writer);
      }
      disk.publish(file, whole);
    } catch (IOException | RuntimeException e) {
      deleteAfter(e, file, disk);
      throw e;
    }
    synchronized (this) {
      done.set(part.number());
    }
  }

  /** Takes a file away that could not be written whole; what stood in the way is what is told. */
  static void deleteAfter(Exception failure, Path file, Disk disk) {
    try {
      disk.delete(file);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private Path file(int number) {
    return folder.resolve("part-%06d.%s".formatted(number, format.label()));
  }

  /** The files of all parts, in their order. */
  synchronized List<Path> files() {
    List<Path> files = new ArrayList<>();
    done.stream().forEach(number -> files.add(file(number)));
    return files;
  }

  @Override
  public void finish() {}

  @Override
  public void close() throws IOException {
    if (lockFile != null) {
      lockFile.close();
      lockFile = null;
    }
  }

  /** Takes the folder away, whose parts are elsewhere by now. The manifest stays while they do. */
  void remove() throws IOException {
    for (Path file : files()) {
      disk.delete(file);
    }
    disk.forceFolder(folder);
    disk.delete(folder.resolve(MANIFEST));
    close();
    disk.delete(folder.resolve(LOCK));
    disk.delete(folder);
  }
}
