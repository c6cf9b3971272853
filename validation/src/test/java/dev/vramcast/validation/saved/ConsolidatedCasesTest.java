package dev.vramcast.validation.saved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.validation.ResolvedCase;
import dev.vramcast.validation.cases.SavedCase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shards that real programs put together against what is said of it. */
@Tag("slow")
class ConsolidatedCasesTest {

  /** Libraries that a program imports while it works. */
  private static final long ITSELF = 96L << 20;

  /** Of a process that has imported what its program needs (HostMemory). */
  private static final long LIBRARIES = 518L << 20;

  static List<SavedCase> cases() {
    return SavedCase.consolidated();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whole_weights_are_as_large_as_real_ones(SavedCase each) {
    long real = each.files().values().stream().mapToLong(Long::longValue).sum();
    long said =
        life(each).disk().stream()
            .filter(share -> share.what().equals("consolidated weights"))
            .mapToLong(Life.DiskShare::bytes)
            .sum();

    assertThat(said).isCloseTo(real, within(real / 1000));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void a_program_allocates_what_was_seen_of_it(SavedCase each) {
    long real = each.host().get("consolidate");
    Life.EpisodeNeed need =
        life(each).episodes().stream()
            .filter(episode -> episode.name().equals("consolidate"))
            .findFirst()
            .orElseThrow();

    assertThat(need.gpuBytes()).isZero();
    assertThat(need.hostBytes() - LIBRARIES).isCloseTo(real, within(Math.max(ITSELF, real / 10)));
  }

  @Test
  void every_program_that_runs_without_a_card_is_among_the_cases() {
    assertThat(cases())
        .extracting(each -> each.subject().source().split(" ")[0])
        .contains("accelerate", "axolotl", "PyTorch", "DeepSpeed");
  }

  private static Life life(SavedCase each) {
    ResolvedCase resolved = ResolvedCase.of(each.subject());
    Resolution resolution = JobResolver.resolve(resolved.document());
    return LifeEstimator.estimate(
        resolved.architecture(),
        resolution,
        MemoryEstimator.estimate(resolved.architecture(), resolution.job(), Optional.empty()));
  }
}
