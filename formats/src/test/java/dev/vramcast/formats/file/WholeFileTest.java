package dev.vramcast.formats.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.input.disk.LossyDisk;
import dev.vramcast.input.disk.LossyDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  @ParameterizedTest
  @EnumSource
  void whatever_goes_wrong_at_whatever_step_the_old_content_or_the_new_is_there(Fault kind)
      throws IOException {
    boolean reached = true;
    for (int step = 1; reached; step++) {
      Path file = Files.createDirectory(folder.resolve("at" + step)).resolve("out.yaml");
      WholeFile.write(file, "old content");
      LossyDisk disk = new LossyDisk(kind, step);
      boolean written = false;
      try {
        WholeFile.write(file, "the new content", disk);
        written = true;
      } catch (LossyDisk.Ended | OutOfMemoryError | InputException e) {
        // Looked at below.
      }
      disk.lose();

      assertThat(Files.readString(file)).isIn("old content", "the new content");
      assertThat(!written || Files.readString(file).equals("the new content")).isTrue();
      reached = disk.isReached();
      assertThat(step).isLessThan(20);
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

  @ParameterizedTest
  @EnumSource
  void of_files_that_are_written_together_each_is_whole_and_all_are_there_in_the_end(Fault kind)
      throws IOException {
    Map<String, String> texts = new TreeMap<>(Map.of("a.yaml", "the new a", "run.sh", "new run"));
    boolean reached = true;
    for (int step = 1; reached; step++) {
      Path at = folder.resolve("at" + step);
      Files.createDirectory(at);
      Files.writeString(at.resolve("run.sh"), "old run");
      LossyDisk disk = new LossyDisk(kind, step);
      boolean written = false;
      try {
        WholeFile.writeAll(at, texts, disk);
        written = true;
      } catch (LossyDisk.Ended | OutOfMemoryError | InputException e) {
        // Looked at below.
      }
      disk.lose();

      assertThat(Files.readString(at.resolve("run.sh")))
          .isIn(written ? List.of("new run") : List.of("old run", "new run"));
      if (written || Files.exists(at.resolve("a.yaml"))) {
        assertThat(at.resolve("a.yaml")).hasContent("the new a");
      }
      WholeFile.writeAll(at, texts, Disk.real());
      assertThat(at.resolve("run.sh")).hasContent("new run");
      assertThat(at.resolve("a.yaml")).hasContent("the new a");
      reached = disk.isReached();
      assertThat(step).isLessThan(40);
    }
  }
}
