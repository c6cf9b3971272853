package dev.vramcast.input.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;

/**
 * What is at a path. A disk that fails does not say that nothing is there, so it is refused as what
 * cannot be read; what nobody may look at counts as nothing.
 */
public final class Presence {

  /** Bytes of the longest name that a file has on the usual systems. */
  private static final int LONGEST_NAME = 255;

  private Presence() {}

  /** Whether anything is there. */
  public static boolean isThere(Path path, LinkOption... options) {
    return is(path, found -> true, options);
  }

  /** Whether a file is there, and no folder or device. */
  public static boolean isFile(Path path) {
    return is(path, BasicFileAttributes::isRegularFile);
  }

  /** Whether a folder is there. */
  public static boolean isFolder(Path path) {
    return is(path, BasicFileAttributes::isDirectory);
  }

  private static boolean is(Path path, Predicate<BasicFileAttributes> kind, LinkOption... options) {
    try {
      return kind.test(Files.readAttributes(path, BasicFileAttributes.class, options));
    } catch (NoSuchFileException | AccessDeniedException e) {
      return false;
    } catch (IOException e) {
      if (canBeThere(path)) {
        throw Unreadable.failure(path, "cannot be read", e);
      }
      return false;
    }
  }

  /** Nothing is below what is no folder, or has a name that no file can have. */
  private static boolean canBeThere(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    byte[] name = String.valueOf(path.getFileName()).getBytes(StandardCharsets.UTF_8);
    return folder != null && name.length <= LONGEST_NAME && isFolder(folder);
  }
}
