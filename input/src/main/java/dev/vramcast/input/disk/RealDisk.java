package dev.vramcast.input.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The disk of this machine. */
final class RealDisk implements Disk {

  /** It has nothing of its own. */
  static final Disk ONLY = new RealDisk();

  private RealDisk() {}

  @Override
  public void makeFolders(Path folder) throws IOException {
    Path missing = folder.toAbsolutePath();
    List<Path> made = new ArrayList<>();
    while (missing != null && !Files.exists(missing)) {
      made.add(missing);
      missing = missing.getParent();
    }
    Files.createDirectories(folder);
    for (Path each : made) {
      forceFolder(Disk.folderOf(each));
    }
  }

  @Override
  public OutputStream create(Path file) throws IOException {
    Files.deleteIfExists(file);
    return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows opens no folder, and has its names on the disk in the order they were given.
    }
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }
}
