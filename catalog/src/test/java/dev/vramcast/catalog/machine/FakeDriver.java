package dev.vramcast.catalog.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

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

  /**
   * Written by a process of its own: where this one had the file open while another test starts a
   * program, that program would hold it open too, and a file that is written to cannot be run.
   */
  static void script(Path folder, String name, String body) throws IOException {
    Path file = folder.resolve(name);
    Process writer =
        new ProcessBuilder("sh", "-c", "cat > \"$0\" && chmod 755 \"$0\"", file.toString())
            .redirectErrorStream(true)
            .start();
    try (Writer text = writer.outputWriter(StandardCharsets.UTF_8)) {
      text.write("#!/bin/sh\n" + body + "\n");
    }
    try {
      assertThat(writer.waitFor()).isZero();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
