package dev.vramcast.sweep.run;

import static dev.vramcast.sweep.run.Sweeps.SILENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.InputException;
import dev.vramcast.input.disk.Disk;
import dev.vramcast.input.disk.FailingFiles;
import dev.vramcast.input.disk.LossyDisk;
import dev.vramcast.input.disk.LossyDisk.Fault;
import dev.vramcast.sweep.table.TableFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sweep in which something goes wrong, at each of its steps, and which is run again. */
@Tag("slow")
@Order(1)
class NothingLostTest {

  /** Of two layers, as what rows say is of no matter here, and there are some thousand sweeps. */
  private static final String MODEL = "tiny-qwen2forcausallm-2.5";

  private static final Sweep SWEEP =
      Sweeps.identifiedOnce(
          Sweeps.of(
              "model: {id: "
                  + MODEL
                  + "}\ngpus: [L4, T4]\nmethod: full\nbatch: {sequence_length: [64, 128]}\n",
              1,
              2));

  private static final int MOST_STEPS = 200;

  @TempDir private Path folder;

  private static Sweep sweep(Disk disk) {
    return Sweeps.on(disk, SWEEP);
  }

  private interface Run {
    void on(Disk disk, Path target) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void a_file_is_the_same_in_the_end(Fault kind) throws IOException {
    everyStep(
        kind,
        (disk, target) -> sweep(disk).toFile(target.resolve("t.csv"), TableFormat.CSV, SILENT));
  }

  @ParameterizedTest
  @EnumSource
  void a_folder_is_the_same_in_the_end(Fault kind) throws IOException {
    everyStep(
        kind,
        (disk, target) -> sweep(disk).toFolder(target.resolve("t"), TableFormat.JSONL, SILENT));
  }

  @ParameterizedTest
  @EnumSource
  void a_file_that_is_there_stays_until_another_is_whole(Fault kind) throws IOException {
    Run run =
        (disk, target) -> sweep(disk).toFile(target.resolve("t.csv"), TableFormat.CSV, SILENT);
    Path good = Files.createDirectory(folder.resolve("good"));
    run.on(Disk.real(), good);
    String fresh = Files.readString(good.resolve("t.csv"));
    boolean reached = true;
    for (int step = 1; reached; step++) {
      Path target = Files.createDirectory(folder.resolve("at" + step));
      Path file = Files.writeString(target.resolve("t.csv"), "an older table\n");
      LossyDisk disk = new LossyDisk(kind, step);
      ends(run, disk, target);

      assertThat(Files.readString(file)).isIn("an older table\n", fresh);
      reached = disk.isReached();
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_cannot_be_read_back_is_not_lost(FailingFiles.Fault kind) throws IOException {
    everyRead(
        kind,
        target -> sweep(Disk.real()).toFile(target.resolve("t.csv"), TableFormat.CSV, SILENT));
  }

  @ParameterizedTest
  @EnumSource
  void parts_that_cannot_be_looked_up_are_not_lost(FailingFiles.Fault kind) throws IOException {
    everyRead(
        kind,
        target -> {
          Path parts = target.resolve("t");
          sweep(Disk.real()).toFolder(FailingFiles.unwrap(parts), TableFormat.JSONL, SILENT);
          Files.delete(FailingFiles.unwrap(parts).resolve("part-000001.jsonl"));
          sweep(Disk.real()).toFolder(parts, TableFormat.JSONL, SILENT);
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_table_of_jobs_that_cannot_be_read_is_not_swept_in_part(FailingFiles.Fault kind)
      throws IOException {
    String rows = (MODEL + ",T4,full,64\n").repeat(40);
    String jobs = "model.id,hardware.gpu,method,batch.sequence_length\n" + rows;
    everyRead(
        kind,
        target -> {
          Path table = target.resolve("jobs.csv");
          Files.writeString(FailingFiles.unwrap(table), jobs);
          Sweeps.rows(table, TableFormat.CSV)
              .toFile(FailingFiles.unwrap(target).resolve("t.csv"), TableFormat.CSV, SILENT);
        });
  }

  private interface Reading {
    void of(Path target) throws IOException;
  }

  /** Each step of reading fails once, and all is run again. */
  private void everyRead(FailingFiles.Fault kind, Reading run) throws IOException {
    Path good = Files.createDirectory(folder.resolve("good"));
    run.of(good);
    Map<String, String> expected = contents(good);
    boolean reached = true;
    int step = 0;
    while (reached) {
      step++;
      Path target = Files.createDirectory(folder.resolve("at" + step));
      Path failing = FailingFiles.at(target, kind, step);
      try {
        run.of(failing);
        assertThat(contents(target)).as("step %s", step).isEqualTo(expected);
      } catch (OutOfMemoryError | IOException | UncheckedIOException | InputException e) {
        assertThat(FailingFiles.isReached(failing)).isTrue();
      }
      run.of(target);

      assertThat(contents(target)).as("step %s", step).isEqualTo(expected);
      reached = kind != FailingFiles.Fault.SLOW && FailingFiles.isReached(failing);
    }
    assertThat(step).isLessThan(MOST_STEPS);
  }

  private void everyStep(Fault kind, Run run) throws IOException {
    Path good = Files.createDirectory(folder.resolve("good"));
    run.on(Disk.real(), good);
    Map<String, String> expected = contents(good);
    boolean reached = true;
    int step = 0;
    while (reached) {
      step++;
      Path target = Files.createDirectory(folder.resolve("at" + step));
      LossyDisk disk = new LossyDisk(kind, step);
      if (ends(run, disk, target)) {
        assertThat(contents(target)).as("step %s", step).containsAllEntriesOf(expected);
      }
      run.on(Disk.real(), target);

      assertThat(contents(target)).as("step %s", step).isEqualTo(expected);
      reached = disk.isReached();
    }
    assertThat(step).isBetween(10, MOST_STEPS);
  }

  /** Whether the run said that all is done; what was not forced is lost behind it. */
  private static boolean ends(Run run, LossyDisk disk, Path target) throws IOException {
    boolean done = false;
    try {
      run.on(disk, target);
      done = true;
    } catch (LossyDisk.Ended | OutOfMemoryError | IOException e) {
      assertThat(disk.isReached()).isTrue();
    }
    disk.lose();
    return done;
  }

  /** What is in the files below a folder, but for locks. */
  private static Map<String, String> contents(Path top) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith(".lock")) {
          contents.put(top.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return contents;
  }
}
