package dev.vramcast.formats.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {

  @TempDir private Path folder;

  @Test
  void a_file_is_replaced_and_nothing_else_is_left() throws IOException {
    Path file = folder.resolve("out.svg");

    WholeFile.write(file, "first, and longer");
    WholeFile.write(file, "größer");

    assertThat(file).hasContent("größer");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void a_place_that_cannot_be_written_is_named() {
    assertThatThrownBy(() -> WholeFile.write(folder.resolve("no/out.svg"), ""))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("out.svg: cannot be written: no such directory");
    assertThatThrownBy(() -> WholeFile.write(folder, ""))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(": is a directory");
    assertThatThrownBy(() -> WholeFile.write(Path.of("/"), ""))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith(": is a directory");
  }
}
