package dev.vramcast.validation.saved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.life.file.SavedFile;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.validation.ResolvedCase;
import dev.vramcast.validation.cases.SavedCase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files and processes of real runs against what the program says of them. */
@Tag("slow")
class SavedCasesTest {

  /** What of an archive is not counted to the byte: its pickle's settings of the optimizer. */
  private static final long ARCHIVE = 1024;

  /**
   * What a process takes for itself, whatever the model: libraries that are imported on the way.
   */
  private static final long ITSELF = 96L << 20;

  static Stream<SavedCase> cases() {
    return SavedCase.shipped().stream();
  }

  static Stream<SavedCase> watched() {
    return cases().filter(each -> !each.host().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void files_of_checkpoints_are_as_large_as_real_ones(SavedCase each) {
    Map<String, Long> files =
        life(each).checkpoint().stream()
            .collect(Collectors.toMap(SavedFile::name, SavedFile::bytes));

    assertThat(files).containsOnlyKeys(each.files().keySet());
    each.files()
        .forEach(
            (name, bytes) -> {
              long limit = Math.max(ARCHIVE, bytes / 1000);
              assertThat(files.get(name)).as(name).isCloseTo(bytes, within(limit));
            });
  }

  @ParameterizedTest
  @MethodSource("watched")
  void processes_take_what_was_seen_of_them(SavedCase each) {
    Life life = life(each);
    each.host()
        .forEach(
            (episode, bytes) -> {
              long added = added(life, episode);
              long limit = Math.max(ITSELF, bytes / 10);
              assertThat(added).as(episode).isCloseTo(bytes, within(limit));
            });
  }

  @Test
  void most_kinds_of_models_and_every_part_of_a_run_are_among_the_cases() {
    List<SavedCase> all = SavedCase.shipped();

    assertThat(all).hasSizeGreaterThan(40);
    assertThat(watched().flatMap(each -> each.host().keySet().stream()))
        .contains("load", "merge", "resume");
  }

  private static long added(Life life, String episode) {
    return life.episodes().stream()
            .filter(each -> each.name().equals(episode))
            .findFirst()
            .orElseThrow()
            .hostBytes()
        - life.standingBytes();
  }

  /** With all that a run can do, so that every part of it is looked at. */
  private static Life life(SavedCase each) {
    ResolvedCase resolved = ResolvedCase.of(each.subject());
    Architecture architecture = resolved.architecture();
    boolean adapters = resolved.job().adapter().isPresent();
    JobDocument whole = resolved.document().withFlag(JobKey.RESUME, "true");
    if (adapters) {
      whole = whole.withFlag(JobKey.MERGE, "true").withFlag(JobKey.MERGE_DEVICE, "cpu");
    }
    Resolution resolution = JobResolver.resolve(whole);
    return LifeEstimator.estimate(
        architecture,
        resolution,
        MemoryEstimator.estimate(architecture, resolution.job(), Optional.empty()));
  }
}
