package dev.vramcast.input.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTest {

  @TempDir Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void inputs_are_kept_without_what_chose_their_target() throws IOException {
    Jazzer jazzer = Jazzer.forLong(folder);
    Files.createDirectories(jazzer.found());
    Files.write(jazzer.found().resolve("1"), Chosen.chosen(7, bytes("a: 1")));
    Files.write(jazzer.found().resolve("2"), Chosen.chosen(0, bytes("")));
    Files.write(jazzer.found().resolve("3"), bytes(""));

    assertThat(jazzer.foundInputs()).containsExactly(bytes("a: 1"));
  }

  @Test
  void what_is_written_is_read_again_and_given_to_its_target_as_it_was() {
    List<byte[]> found = List.of(bytes("a"), bytes("b: [c]\n"));

    List<byte[]> read = Kept.read(Kept.written(12, found));

    assertThat(read).containsExactlyElementsOf(found);
    assertThat(Chosen.given(Chosen.chosen(3, read.get(1)))).isEqualTo(bytes("b: [c]\n"));
  }

  @Test
  void a_target_that_was_never_looked_at_has_none() {
    assertThat(Kept.of(KeptTest.class, "no such target")).isEmpty();
  }

  @Test
  void a_process_that_does_not_end_is_ended_and_what_it_said_is_shown() throws IOException {
    Path said = Files.writeString(folder.resolve("said"), "#1 INITED");
    Process process = new ProcessBuilder("sleep", "60").start();

    assertThatThrownBy(() -> Jazzer.exit(process, said, 0))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("#1 INITED");
    assertThat(process.isAlive()).isFalse();
  }
}
