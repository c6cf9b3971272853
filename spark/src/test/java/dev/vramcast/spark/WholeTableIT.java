package dev.vramcast.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that is written while the process or the disk ends, at each step, and once more. */
class WholeTableIT {

  private static final int MOST_STEPS = 60;

  private static SparkSession spark;
  private static Storage storage;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    spark = Local.session();
    // Every end is an error to it.
    spark.sparkContext().setLogLevel("OFF");
    Configuration configuration = spark.sparkContext().hadoopConfiguration();
    EndingFileSystem.serve(configuration);
    storage = new Storage(configuration);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  @Test
  void an_older_table_stays_until_the_new_one_is_whole() throws IOException {
    everyEnd(Optional.of("old"), WholeTableIT::ends);
  }

  @Test
  void no_half_of_a_table_is_there_and_the_next_run_needs_no_overwrite() throws IOException {
    everyEnd(Optional.empty(), WholeTableIT::ends);
  }

  @Test
  void an_older_table_is_there_at_once_where_the_disk_fails() throws IOException {
    everyEnd(
        Optional.of("old"),
        (out, step, overwrite) -> {
          EndingFileSystem.failAfter(step);
          boolean failed = failed(out, overwrite);
          assertThat(out).as("step %s", step).isDirectory();
          return failed;
        });
  }

  @Test
  void a_process_that_is_killed_leaves_the_older_table_or_the_new_one() throws IOException {
    Path copies = folder.resolve("copies");
    Path done = tableToReplace("done");
    KilledWriter.copies(done, copies, folder.resolve("log"));
    int steps = copies.toFile().list().length;
    for (int step : new int[] {steps / 2, steps - 2}) {
      Path killed = tableToReplace("killed" + step);
      assertThat(KilledWriter.ends(killed, step, folder.resolve("log" + step))).isTrue();
      assertThat(Trees.shape(killed.getParent())).isEqualTo(Trees.shape(copies.resolve("" + step)));
    }

    everyEnd(
        Optional.of("old"),
        (out, step, overwrite) -> {
          Trees.delete(out.getParent());
          Trees.copy(step < steps ? copies.resolve("" + step) : done.getParent(), out.getParent());
          return step < steps;
        });
  }

  /** The older table in a folder of its own. */
  private Path tableToReplace(String name) throws IOException {
    Path table = Files.createDirectory(folder.resolve(name)).resolve("t.parquet");
    Trees.copy(old(), table);
    return table;
  }

  /** The older table, written once. */
  private Path old() throws IOException {
    Path old = folder.resolve("old.parquet");
    if (!Files.exists(old)) {
      storage.table(old.toString()).write(rows("old"), false);
    }
    return old;
  }

  /** Writes a table and ends at a step; false where it was whole before. */
  private interface Writer {
    boolean ends(Path out, int step, boolean overwrite) throws IOException;
  }

  private void everyEnd(Optional<String> before, Writer writer) throws IOException {
    Path old = old();
    boolean ended = true;
    int step = 0;
    for (; ended; step++) {
      Path out = Files.createDirectory(folder.resolve("at" + step)).resolve("t.parquet");
      if (before.isPresent()) {
        Trees.copy(old, out);
      }
      ended = writer.ends(out, step, before.isPresent());

      // What the next run does first.
      storage.table(out.toString());
      Optional<String> found = name(out, old);
      assertThat(found).as("step %s", step).isIn(before, Optional.of("fresh"));
      assertThat(ended || found.equals(Optional.of("fresh"))).isTrue();
      storage.table(out.toString()).write(rows("fresh"), found.isPresent());
      assertThat(name(out, old)).as("step %s", step).contains("fresh");
      assertThat(files(out.getParent())).as("step %s", step).containsExactly("t.parquet");
    }
    assertThat(step).isBetween(8, MOST_STEPS);
  }

  /** What all rows of a table say, which is whole; empty where there is none. */
  private static Optional<String> name(Path table, Path old) throws IOException {
    if (!Files.exists(table)) {
      return Optional.empty();
    }
    if (files(table).equals(files(old))) {
      return Optional.of("old");
    }
    assertThat(files(table)).hasSize(2).contains("_SUCCESS");
    List<Row> rows = spark.read().parquet(table.toString()).collectAsList();
    assertThat(rows).hasSize(2).extracting(row -> row.getString(0)).containsOnly("fresh");
    return Optional.of("fresh");
  }

  private static boolean ends(Path out, int step, boolean overwrite) {
    EndingFileSystem.endAfter(step);
    return failed(out, overwrite);
  }

  private static boolean failed(Path out, boolean overwrite) {
    try {
      storage.table(out.toString()).write(rows("fresh"), overwrite);
    } catch (Exception e) {
      return EndingFileSystem.hasEnded();
    }
    return EndingFileSystem.hasEnded();
  }

  private static Dataset<Row> rows(String name) {
    return KilledWriter.rows(spark, name);
  }

  /** The names in a folder, but those of checksums. */
  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }
}
