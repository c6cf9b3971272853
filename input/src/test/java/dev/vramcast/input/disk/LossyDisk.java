package dev.vramcast.input.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk on which something goes wrong at one step. It knows what was forced, so that what was not
 * can be lost behind it. Files that are changed in other ways are left alone.
 */
public final class LossyDisk implements Disk {

  /** What goes wrong. */
  public enum Fault {
    /** The process ends; what it gave to the system is there. */
    KILL,
    /** Power is lost, and with it every change of names that was not forced. */
    NAMES_LOST,
    /** Power is lost, and with it every content that was not forced, though its name is there. */
    CONTENT_LOST,
    /** The step fails, as on a full disk. */
    FULL,
    /** The step fails, as on a broken disk. */
    BROKEN,
    /** The step is not allowed to this user. */
    DENIED,
    /** The step fails, as where the system has made a broken disk read-only. */
    READ_ONLY,
    /** There is no memory for the step. */
    NO_MEMORY
  }

  /** The process ends here. */
  public static final class Ended extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** A file, whatever it is called. */
  private static final class Content {
    private byte[] forced = {};
  }

  private final int fault;
  private final Fault kind;
  private final Map<Path, Content> names = new TreeMap<>();
  private final Map<Path, Content> forcedNames = new HashMap<>();
  private int step;
  private boolean ended;

  /**
   * Nothing has gone wrong yet.
   *
   * @param fault the step at which something does, from 1
   */
  public LossyDisk(Fault kind, int fault) {
    this.kind = kind;
    this.fault = fault;
  }

  private synchronized void step() throws IOException {
    step++;
    if (ended || step == fault && kind.ordinal() <= Fault.CONTENT_LOST.ordinal()) {
      ended = true;
      throw new Ended();
    }
    if (step == fault && kind == Fault.NO_MEMORY) {
      throw new OutOfMemoryError("injected");
    }
    if (step == fault) {
      throw failure();
    }
  }

  private IOException failure() {
    return switch (kind) {
      case DENIED -> new AccessDeniedException("a.file");
      case READ_ONLY -> new FileSystemException("a.file", null, "Read-only file system");
      case FULL -> new IOException("No space left on device");
      default -> new IOException("Input/output error");
    };
  }

  /** Whether the step came at all. */
  public boolean isReached() {
    return step >= fault;
  }

  /** Loses what was not forced. */
  public void lose() throws IOException {
    if (kind == Fault.NAMES_LOST) {
      for (Path gone : names.keySet()) {
        if (!forcedNames.containsKey(gone)) {
          Files.deleteIfExists(gone);
        }
      }
      for (Map.Entry<Path, Content> each : forcedNames.entrySet()) {
        Files.createDirectories(each.getKey().getParent());
        Files.write(each.getKey(), each.getValue().forced);
      }
    } else if (kind == Fault.CONTENT_LOST) {
      for (Map.Entry<Path, Content> each : names.entrySet()) {
        Files.write(each.getKey(), each.getValue().forced);
      }
    }
  }

  /** What was there before is on the disk. */
  private void remember(Path file) throws IOException {
    Path known = file.toAbsolutePath();
    if (Files.isRegularFile(known) && !names.containsKey(known)) {
      Content content = new Content();
      content.forced = Files.readAllBytes(known);
      names.put(known, content);
      forcedNames.put(known, content);
    }
  }

  @Override
  public void makeFolders(Path folder) throws IOException {
    step();
    Disk.real().makeFolders(folder);
  }

  @Override
  public OutputStream create(Path file) throws IOException {
    step();
    remember(file);
    OutputStream out = Disk.real().create(file);
    names.put(file.toAbsolutePath(), new Content());
    return new OutputStream() {

      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] octets, int from, int length) throws IOException {
        // The process may end between any two bytes.
        out.write(octets, from, ended ? 0 : length / 2);
        step();
        out.write(octets, from + length / 2, length - length / 2);
      }

      @Override
      public void close() throws IOException {
        try (out) {
          step();
        }
      }
    };
  }

  @Override
  public void force(Path file) throws IOException {
    step();
    Content content = names.computeIfAbsent(file.toAbsolutePath(), each -> new Content());
    content.forced = Files.readAllBytes(file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    step();
    Path parent = folder.toAbsolutePath();
    forcedNames.keySet().removeIf(file -> parent.equals(file.getParent()));
    names.forEach(
        (file, content) -> {
          if (parent.equals(file.getParent())) {
            forcedNames.put(file, content);
          }
        });
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    step();
    remember(to);
    Disk.real().move(from, to);
    Content content = names.remove(from.toAbsolutePath());
    names.put(to.toAbsolutePath(), content == null ? new Content() : content);
  }

  @Override
  public void delete(Path file) throws IOException {
    step();
    remember(file);
    Disk.real().delete(file);
    names.remove(file.toAbsolutePath());
  }
}
