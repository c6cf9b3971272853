package dev.vramcast.input.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.InputException;
import dev.vramcast.input.disk.FailingFiles.Fault;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Holds a reader against files of which each step of reading fails once: it says so in one line
 * that names the file, and never gives a part of what is there for the whole.
 */
public final class FailingReads {

  private static final int MOST_STEPS = 5_000;

  private FailingReads() {}

  /** What reads; its results are compared. */
  public interface Reader<T> {
    T read(Path file) throws IOException;
  }

  /** Holds it; tells how many steps there are. */
  public static <T> int hold(Path file, Reader<T> reader) throws IOException {
    T whole = reader.read(file);
    assertThat(reader.read(FailingFiles.at(file, Fault.SLOW, 0))).isEqualTo(whole);
    int steps = 0;
    for (Fault kind : new Fault[] {Fault.BROKEN, Fault.NO_MEMORY}) {
      steps = 0;
      Path failing;
      do {
        steps++;
        assertThat(steps).isLessThan(MOST_STEPS);
        failing = FailingFiles.at(file, kind, steps);
        fails(failing, reader, whole);
      } while (FailingFiles.isReached(failing));
    }
    return steps - 1;
  }

  private static <T> void fails(Path file, Reader<T> reader, T whole) throws IOException {
    try {
      assertThat(reader.read(file)).isEqualTo(whole);
    } catch (InputException e) {
      assertThat(e.getMessage()).containsPattern("cannot be (read|listed): Input/output error");
      assertThat(e.getMessage()).hasLineCount(1);
      assertThat(e.getMessage()).contains(end(String.valueOf(file.getFileName())));
    } catch (OutOfMemoryError e) {
      assertThat(e).hasMessage("injected");
    }
  }

  /** The beginning of a long place is left out. */
  private static String end(String name) {
    return name.substring(Math.max(0, name.length() - 8));
  }
}
