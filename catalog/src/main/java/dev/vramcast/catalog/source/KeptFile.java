package dev.vramcast.catalog.source;

import dev.vramcast.input.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Files of the program's own cache, of which a reader never sees half. */
public final class KeptFile {

  private KeptFile() {}

  /** Writes beside the place, which may lack its folder, and moves the file there. */
  public static void write(Path file, byte[] content) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, "kept", ".tmp");
    try {
      Files.write(temporary, content);
      Disk.real().publish(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
