package dev.vramcast.input.disk;

import java.io.IOException;
import java.io.OutputStream;
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

  /** The folder that a name is in. */
  static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " is the root");
    }
    return folder;
  }
}
