package dev.vramcast.answers.correction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.calibration.JobScope;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.input.disk.FailingFiles;
import dev.vramcast.input.disk.FailingReads;
import dev.vramcast.input.disk.LossyDisk;
import dev.vramcast.input.disk.LossyDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CorrectionStoreTest {

  @TempDir private Path folder;

  @Test
  void the_usual_place_is_below_the_folder_for_configuration() {
    assertThat(file(Map.of("XDG_CONFIG_HOME", "/x", "HOME", "/h")))
        .isEqualTo(Path.of("/x/vramcast/corrections.ini"));
    assertThat(file(Map.of("XDG_CONFIG_HOME", "relative", "HOME", "/h")))
        .isEqualTo(Path.of("/h/.config/vramcast/corrections.ini"));
    assertThat(CorrectionStore.usual(Map.of("XDG_CONFIG_HOME", "", "HOME", ""))).isEmpty();
  }

  @Test
  void nothing_is_lost_when_many_save_at_once() throws IOException {
    CorrectionStore store = new CorrectionStore(folder.resolve("a/corrections.ini"));

    IntStream.range(0, 24).parallel().forEach(i -> store.save(saved("n" + i)));

    assertThat(store.corrections()).hasSize(24);
    try (Stream<Path> files = Files.list(folder.resolve("a"))) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("corrections.ini", ".corrections.ini.lock");
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_goes_wrong_at_any_step_loses_nothing_that_was_kept(Fault kind) throws IOException {
    boolean reached = true;
    for (int step = 1; reached; step++) {
      Path file = folder.resolve("at" + step).resolve("corrections.ini");
      new CorrectionStore(file).save(saved("first"));
      LossyDisk disk = new LossyDisk(kind, step);
      boolean kept = false;
      try {
        new CorrectionStore(file, disk).save(saved("second"));
        kept = true;
      } catch (LossyDisk.Ended | OutOfMemoryError | InputException e) {
        // Looked at below.
      }
      disk.lose();

      assertThat(new CorrectionStore(file).corrections()).hasSizeBetween(kept ? 2 : 1, 2);
      reached = disk.isReached();
      assertThat(step).isLessThan(20);
    }
  }

  @Test
  void corrections_are_read_whole_or_refused() throws IOException {
    Path file = folder.resolve("corrections.ini");
    new CorrectionStore(file).save(saved("first"));

    assertThat(FailingReads.hold(file, place -> new CorrectionStore(place).corrections()))
        .isGreaterThan(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"BROKEN", "NO_MEMORY"})
  void nothing_that_was_kept_is_lost_where_it_cannot_be_read_back(FailingFiles.Fault kind)
      throws IOException {
    boolean reached = true;
    for (int step = 1; reached; step++) {
      Path file = folder.resolve("at" + step).resolve("corrections.ini");
      new CorrectionStore(file).save(saved("first"));
      Path failing = FailingFiles.at(file, kind, step);
      try {
        new CorrectionStore(failing).save(saved("second"));
      } catch (OutOfMemoryError | InputException e) {
        assertThat(FailingFiles.isReached(failing)).isTrue();
      }

      assertThat(new CorrectionStore(file).corrections()).hasSizeBetween(1, 2);
      reached = FailingFiles.isReached(failing);
      assertThat(step).isLessThan(40);
    }
  }

  @Test
  void a_file_that_cannot_be_read_is_left_as_it_is() throws IOException {
    Path file = Files.writeString(folder.resolve("corrections.ini"), "[mine]\ntensors = much\n");
    CorrectionStore store = new CorrectionStore(file);

    assertThatThrownBy(() -> store.save(saved("new")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("corrections.ini:2: tensors is 'much'");
    assertThat(file).hasContent("[mine]\ntensors = much\n");
  }

  @Test
  void what_was_kept_under_the_old_name_is_taken_over_once() {
    CorrectionStore old = new CorrectionStore(folder.resolve("tunefit/corrections.ini"));
    old.save(saved("mine"));
    CorrectionStore store = new CorrectionStore(folder.resolve("vramcast/corrections.ini"));

    assertThat(store.takeOver().map(Notice::toString))
        .hasValueSatisfying(
            said -> assertThat(said).startsWith("took over 1 corrections from " + old.file()));
    assertThat(store.corrections()).isEqualTo(old.corrections()).hasSize(1);
    assertThat(store.takeOver()).isEmpty();
    store.forget("mine");
    assertThat(store.takeOver()).isEmpty();
    assertThat(store.corrections()).isEmpty();
  }

  @Test
  void what_cannot_be_taken_over_is_said_once_and_left() throws IOException {
    Path old = folder.resolve("tunefit/corrections.ini");
    Files.createDirectories(old.getParent());
    Files.writeString(old, "[mine]\ntensors = much\n");
    CorrectionStore store = new CorrectionStore(folder.resolve("vramcast/corrections.ini"));

    assertThat(store.takeOver().map(Notice::toString))
        .hasValueSatisfying(said -> assertThat(said).contains("tensors is 'much'"));
    assertThat(store.takeOver()).isEmpty();
    assertThat(old).hasContent("[mine]\ntensors = much\n");
  }

  @Test
  void a_file_of_the_user_s_choice_takes_nothing_over() {
    new CorrectionStore(folder.resolve("tunefit/corrections.ini")).save(saved("mine"));

    assertThat(new CorrectionStore(folder.resolve("other/c.ini")).takeOver()).isEmpty();
  }

  private static Path file(Map<String, String> variables) {
    return CorrectionStore.usual(variables).orElseThrow().file();
  }

  private static SavedCorrection saved(String name) {
    Map<String, String> code = new LinkedHashMap<>();
    JobScope.NAMES.forEach(key -> code.put(key, "x"));
    return new SavedCorrection(
        name,
        "run",
        LocalDate.parse("2026-11-25"),
        "0.1.0",
        new Correction(1, 1, 0, OptionalDouble.empty()),
        new JobScope(code, 1, 1));
  }
}
