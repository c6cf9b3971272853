package dev.vramcast.catalog.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Scripts that answer as the programs of drivers do. */
final class FakeDriver {

  private static final String ARGUMENTS =
      "--query-gpu=index,name,memory.total,memory.used --format=csv,noheader,nounits";

  private FakeDriver() {}

  /** {@code nvidia-smi} that answers the one question with these lines. */
  static void answering(Path folder, String... lines) throws IOException {
    StringBuilder echo = new StringBuilder("[ \"$*\" = \"" + ARGUMENTS + "\" ] || exit 1\n");
    for (String line : lines) {
      echo.append("echo '").append(line).append("'\n");
    }
    script(folder, "nvidia-smi", echo.toString());
  }

  static void script(Path folder, String name, String body) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
