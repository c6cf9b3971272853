package dev.vramcast.input.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.input.disk.FailingReads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that fail at each step of their reading, or come byte by byte. */
class UnreadableTest {

  @TempDir private Path folder;

  @Test
  void a_text_is_read_whole_or_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("t.txt"), "ä\n".repeat(20_000));

    assertThat(FailingReads.hold(file, TextFile::read)).isGreaterThan(2);
  }

  @Test
  void bytes_are_read_whole_or_refused() throws IOException {
    Path file = Files.write(folder.resolve("b.bin"), new byte[50_000]);

    int steps = FailingReads.hold(file, path -> Arrays.hashCode(BoundedFile.bytes(path, 1 << 20)));

    assertThat(steps).isGreaterThan(2);
  }
}
