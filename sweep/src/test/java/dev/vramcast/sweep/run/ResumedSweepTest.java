package dev.vramcast.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.table.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep that ends before its time, and is run again. */
@Tag("slow")
class ResumedSweepTest {

  @TempDir static Path shared;
  private static Summary all;

  @TempDir Path folder;

  /** A whole sweep into {@code whole}, which nothing changes. */
  @BeforeAll
  static void sweep() throws IOException {
    all = Sweeps.small(1).toFolder(whole(), TableFormat.CSV, Sweeps.SILENT);
  }

  private static Path whole() {
    return shared.resolve("whole");
  }

  @Test
  void after_a_kill_finished_parts_are_kept_and_none_is_twice_or_lost() throws Exception {
    Path killed = folder.resolve("killed");
    killMidway(killed);
    Map<Path, FileTime> finished = times(parts(killed));
    assertThat(finished).isNotEmpty();

    Summary rest = Sweeps.small(2).toFolder(killed, TableFormat.CSV, Sweeps.SILENT);

    assertThat(rest.kept()).isPositive();
    assertThat(rest.kept() + rest.rows()).isEqualTo(all.rows());
    assertThat(contents(killed)).isEqualTo(contents(whole()));
    assertThat(times(parts(killed))).containsAllEntriesOf(finished);
    assertThat(Files.list(killed).map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
  }

  /** A process of its own, killed as by {@code kill -9} when some parts are there. */
  private static void killMidway(Path target) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Sweeps.class.getName(),
                target.toString())
            .inheritIO()
            .start();
    while (process.isAlive() && (!Files.exists(target) || parts(target).size() < 3)) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    process.destroyForcibly().waitFor();
  }

  @Test
  void what_is_whole_is_not_computed_again() throws IOException {
    Summary again = Sweeps.small(2).toFolder(whole(), TableFormat.CSV, Sweeps.SILENT);

    assertThat(again.rows()).isZero();
    assertThat(again.traces()).isZero();
  }

  @Test
  void a_file_is_its_parts_in_order_and_they_are_gone() throws IOException {
    Path file = folder.resolve("table.csv");
    Path parts = whole();
    Sweeps.small(2).toFile(file, TableFormat.CSV, Sweeps.SILENT);

    Stream<String> joined =
        Stream.concat(
            contents(parts).values().stream().limit(1).map(lines -> lines.get(0)),
            contents(parts).values().stream().flatMap(lines -> lines.stream().skip(1)));
    assertThat(Files.readAllLines(file)).isEqualTo(joined.toList());
    assertThat(Sweep.partsOf(file)).doesNotExist();
  }

  @Test
  void parts_of_another_sweep_are_refused() throws IOException {
    Sweep model = Sweeps.of("model: {id: gpt2}\ngpus: [L4]\n", 1, 53);
    Sweep columns = Sweeps.small(1).with(List.of(Column.MODEL, Column.VERDICT));

    for (Sweep other : List.of(model, columns)) {
      assertThatThrownBy(() -> other.toFolder(whole(), TableFormat.CSV, Sweeps.SILENT))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("holds parts of another sweep");
    }
  }

  @Test
  void a_folder_with_something_else_in_it_is_refused() throws IOException {
    Path other = Files.writeString(folder.resolve("thesis.txt"), "text");

    assertThatThrownBy(() -> Sweeps.small(1).toFolder(folder, TableFormat.CSV, Sweeps.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("thesis.txt");
    assertThat(other).hasContent("text");
  }

  private static List<Path> parts(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("part-\\d+\\.\\w+"))
          .toList();
    }
  }

  private static Map<Path, FileTime> times(List<Path> files) throws IOException {
    Map<Path, FileTime> times = new HashMap<>();
    for (Path file : files) {
      times.put(file, Files.getLastModifiedTime(file));
    }
    return times;
  }

  private static Map<String, List<String>> contents(Path target) throws IOException {
    Map<String, List<String>> contents = new TreeMap<>();
    for (Path file : parts(target)) {
      contents.put(file.getFileName().toString(), Files.readAllLines(file));
    }
    return contents;
  }
}
