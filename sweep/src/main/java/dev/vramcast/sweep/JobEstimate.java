package dev.vramcast.sweep;

import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.run.CardTraits;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.check.CardChecks;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.TrainingData;
import dev.vramcast.sweep.product.Together;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A job whose card, data and price are left open, as cards of some abilities settle it. What rows
 * have in common is computed here once: the settings, and for each kind of card the step, which
 * cards with the same {@link CardTraits} share.
 */
final class JobEstimate {

  private final RequestedJob settled;
  private final ModelProfile profile;
  private final Optional<RangeRow> range;
  private final Object[] cells;
  private final Map<CardTraits, RankEstimate> worst = new HashMap<>();
  private final Counters counters;
  private final boolean reserved;

  JobEstimate(RequestedJob settled, ModelProfile profile, Counters counters, boolean reserved) {
    this.settled = settled;
    this.profile = profile;
    this.counters = counters;
    this.reserved = reserved;
    this.range =
        RangeFile.embedded().find(Figure.DEVICE, JobKind.of(job(), settled.model().architecture()));
    this.cells = SettingCells.of(settled);
  }

  /** The one of these that is of the same job, else this. */
  JobEstimate orSame(Stream<JobEstimate> others) {
    return others.filter(this::isSame).findFirst().orElse(this);
  }

  private boolean isSame(JobEstimate other) {
    return settled.model().equals(other.settled.model())
        && job().equals(other.job())
        && Arrays.equals(cells, other.cells);
  }

  ResolvedJob job() {
    return settled.resolution().job();
  }

  /** The machines that it runs on. */
  Together together() {
    return new Together(job().parallelism().nodes(), settled.document().has(JobKey.NETWORK));
  }

  ModelProfile profile() {
    return profile;
  }

  /** Whether rows show what the allocator holds. */
  boolean showsReserved() {
    return reserved;
  }

  /** How far off estimates of what such jobs need of a device are. */
  Optional<RangeRow> range() {
    return range;
  }

  /** A row in which what depends on the settings is filled in. */
  Object[] cells() {
    return cells.clone();
  }

  /**
   * The job on a card; without one, what is known of it all the same.
   *
   * @throws InputException when training fails on it
   */
  CardEstimate on(Optional<Gpu> gpu) {
    settled.document().locating(() -> checked(gpu));
    CardTraits traits = CardTraits.of(settled.model().architecture(), job(), gpu);
    RankEstimate rank = worst.get(traits);
    if (rank == null) {
      rank = write(gpu);
      worst.put(traits, rank);
    }
    return new CardEstimate(this, gpu, rank.on(MemoryEstimator.outside(job(), gpu)));
  }

  private ResolvedJob checked(Optional<Gpu> gpu) {
    gpu.ifPresent(card -> CardChecks.check(job(), card));
    return job();
  }

  private RankEstimate write(Optional<Gpu> gpu) {
    counters.trace();
    List<RankEstimate> ranks = MemoryEstimator.ranks(settled.model().architecture(), job(), gpu);
    return new MemoryEstimate(ranks).worst();
  }

  /** What a run trains on, by the numbers that a row gives, else those of the settings. */
  Optional<TrainingData> data(Map<JobKey, Double> numbers) {
    return TrainingData.of(
        key -> {
          Double given = numbers.get(key);
          return given == null
              ? TrainingData.number(settled.resolution(), key)
              : OptionalDouble.of(given);
        },
        job());
  }
}
