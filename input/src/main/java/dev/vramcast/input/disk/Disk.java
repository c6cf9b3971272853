package dev.vramcast.input.disk;

import dev.vramcast.core.input.Shown;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Changes files. Nothing is sure to outlive a loss of power before it is forced: the content of a
 * file by {@link #force}, that a file has a name, or has none any more, by {@link #forceFolder} of
 * the folder that the name is in.
 */
public interface Disk {

  /** The disk of this machine. */
  static Disk real() {
    return RealDisk.ONLY;
  }

  /** Makes a folder, and those above it, where they are not there, and makes their names sure. */
  void makeFolders(Path folder) throws IOException;

  /** Begins a file; one of that name, or a link, is taken away first. */
  OutputStream create(Path file) throws IOException;

  /** Ends when the content of a file, whoever wrote it, is on the disk. */
  void force(Path file) throws IOException;

  /** Ends when the names in a folder are on the disk. */
  void forceFolder(Path folder) throws IOException;

  /** Gives a file another name, in place of a file of that name; at once, where the disk can. */
  void move(Path from, Path to) throws IOException;

  /** Takes a file or an empty folder away, where there is one. */
  void delete(Path file) throws IOException;

  /** Gives a file that is written its name when its content is sure, and makes the name sure. */
  default void publish(Path written, Path name) throws IOException {
    force(written);
    move(written, name);
    forceFolder(folderOf(name));
  }

  /**
   * Writes a file so that a reader sees the old content or the new one, never half of it, and the
   * new one after a loss of power too once this has ended.
   */
  default void write(Path file, byte[] content) throws IOException {
    String writer = ProcessHandle.current().pid() + "-" + Thread.currentThread().getId();
    Path partial = file.resolveSibling("." + file.getFileName() + "." + writer + ".tmp");
    try {
      try (OutputStream out = create(partial)) {
        out.write(content);
      }
      publish(partial, file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      takeAway(partial, e);
      throw e;
    }
  }

  private void takeAway(Path partial, IOException failure) {
    try {
      delete(partial);
    } catch (IOException e) {
      // What made the write fail is the message that helps.
      failure.addSuppressed(e);
    }
  }

  /** What stood in the way of reading or writing, in few words. */
  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "a file of that name is there";
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    }
    String system = failure instanceof FileSystemException told ? told.getReason() : null;
    return system == null ? Shown.cause(failure) : Shown.oneLine(system);
  }

  /** The folder that a name is in. */
  static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " is the root");
    }
    return folder;
  }
}
