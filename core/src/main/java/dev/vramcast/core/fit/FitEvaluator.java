package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.Certainty.FOR_CERTAIN;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.code.FusedLoss;
import dev.vramcast.core.code.WrappedLayers;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.life.MachineNeeds;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.RecentSteps;
import dev.vramcast.core.run.TextOnly;
import dev.vramcast.core.run.check.CardChecks;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * Holds jobs of one model against the memory of a card.
 *
 * @param card whose kernels run; empty when only its memory is known
 * @param memoryBytes of the card
 * @param keptFreeBytes of these that a job may not take
 * @param ranges between which multiples of an estimate the truth is expected
 * @param correction of what is needed, from a run of such a job on this card
 * @param steps where estimates come from; it may know jobs that others have asked about
 */
public record FitEvaluator(
    Architecture architecture,
    Optional<Gpu> card,
    long memoryBytes,
    long keptFreeBytes,
    RangeTable ranges,
    Optional<Correction> correction,
    RecentSteps steps) {

  private static final OptionalDouble NO_CHANCE = OptionalDouble.empty();

  /** An evaluator that goes by the estimate alone. */
  public FitEvaluator(
      Architecture architecture,
      Optional<Gpu> card,
      long memoryBytes,
      long keptFreeBytes,
      RangeTable ranges) {
    this(
        architecture,
        card,
        memoryBytes,
        keptFreeBytes,
        ranges,
        Optional.empty(),
        new RecentSteps());
  }

  /** An evaluator for a card of the catalogue. */
  public static FitEvaluator of(
      Architecture architecture, Gpu card, long keptFree, RangeTable ranges) {
    return new FitEvaluator(
        architecture, Optional.of(card), card.allocatableBytes(), keptFree, ranges);
  }

  /**
   * The job against the card. Takes milliseconds, since the allocator is replayed.
   *
   * @throws InputException when the job cannot run
   * @throws UnsupportedJobException when it can, but is not modelled
   */
  public FitCheck check(JobDocument document) {
    JobDocument placed = placed(document);
    Resolution resolution = JobResolver.resolve(placed);
    return check(placed, resolution, placed.locating(() -> estimate(resolution)));
  }

  private JobDocument placed(JobDocument document) {
    return card.map(document::withFound).orElse(document);
  }

  private MemoryEstimate estimate(Resolution resolution) {
    card.ifPresent(found -> CardChecks.check(resolution.job(), found));
    return steps.estimate(architecture, resolution.job(), card);
  }

  private FitCheck check(JobDocument document, Resolution resolution, MemoryEstimate memory) {
    long device = needed(memory.worst());
    Optional<RangeRow> errors = errors(resolution.job(), memory);
    MachineNeeds needs = MachineNeeds.of(architecture, resolution, memory, usableBytes());
    OptionalDouble chance = needs.shortage().isPresent() ? NO_CHANCE : chance(errors, device);
    return new FitCheck(
        document,
        resolution,
        memory,
        new FitCheck.Room(card, usableBytes()),
        new FitCheck.Need(device, range(errors, device), chance, errors),
        needs,
        TextOnly.of(architecture, resolution.job()),
        new FitCheck.Offers(
            FusedLoss.of(architecture, resolution.job(), card), stopping(resolution.job())));
  }

  private Set<Strategy> stopping(ResolvedJob job) {
    return EnumSet.allOf(Strategy.class).stream()
        .filter(Strategy::isFsdp)
        .filter(strategy -> WrappedLayers.stops(strategy, architecture, job))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How far off the estimates of what such jobs need of a device are. */
  private Optional<RangeRow> errors(ResolvedJob job) {
    return ranges.find(Figure.DEVICE, JobKind.of(job, architecture));
  }

  private Optional<RangeRow> errors(ResolvedJob job, MemoryEstimate memory) {
    RankEstimate worst = memory.worst();
    return errors(job).map(row -> row.knowing(worst.engineBytes(), worst.loadedBytes()));
  }

  private OptionalDouble chance(Optional<RangeRow> errors, long device) {
    return errors.map(row -> row.chance(card, device, usableBytes())).orElse(NO_CHANCE);
  }

  private static ByteRange range(Optional<RangeRow> errors, long bytes) {
    return errors.map(row -> row.about(bytes)).orElse(new ByteRange(bytes, bytes));
  }

  /** Bytes of the card that a job may take. */
  public long usableBytes() {
    return memoryBytes - keptFreeBytes;
  }

  private long needed(RankEstimate worst) {
    if (correction.isEmpty()) {
      return worst.neededDeviceBytes();
    }
    long reserved = worst.reservedBytes();
    long inside = worst.neededBytes(reserved);
    return correction
        .get()
        .needed(worst.allocatedBytes(), reserved, inside, worst.outside().bytes());
  }

  /** Pieces that the MLPs of a job run on; empty where they run on all, or the job on nothing. */
  OptionalInt pieces(JobDocument document) {
    try {
      return JobResolver.resolve(placed(document)).job().mlpTiles();
    } catch (InputException | UnsupportedJobException e) {
      return OptionalInt.empty();
    }
  }

  /** As {@link #check}; empty when such a job cannot run or is not modelled. */
  public Optional<FitCheck> tryCheck(JobDocument document) {
    return check(document, (resolution, memory) -> true);
  }

  /**
   * A job before its allocator is replayed.
   *
   * @param leastBytes it needs no less of the device
   * @param mayFit whether it would fit for certain with so few
   */
  record Prospect(
      JobDocument document,
      Resolution resolution,
      MemoryEstimate memory,
      long leastBytes,
      boolean mayFit) {}

  /** The job without a replay; empty when it cannot run or is not modelled. */
  Optional<Prospect> prospect(JobDocument document) {
    try {
      JobDocument placed = placed(document);
      Resolution resolution = JobResolver.resolve(placed);
      MemoryEstimate memory = estimate(resolution);
      return Optional.of(
          correction.isPresent()
              ? new Prospect(placed, resolution, memory, 0, true)
              : new Prospect(
                  placed, resolution, memory, least(memory), mayFit(resolution, memory)));
    } catch (InputException | UnsupportedJobException e) {
      return Optional.empty();
    }
  }

  /** The run of a job before its allocator is replayed. */
  Life life(Prospect prospect) {
    return LifeEstimator.estimate(architecture, prospect.resolution, prospect.memory);
  }

  /** What another job takes of what decides whether the first one fits. */
  long decidingBytes(FitCheck job, FitCheck other) {
    return job.shortage()
        .map(
            shortage ->
                LifeEstimator.estimate(architecture, other.resolution(), other.memory())
                    .neededBytes(shortage.resource()))
        .orElse(other.deviceBytes());
  }

  /** As {@link #tryCheck(JobDocument)}, which says what is empty. */
  Optional<FitCheck> tryCheck(Prospect prospect) {
    return tryCheck(prospect, bytes -> true);
  }

  /**
   * As {@link #tryCheck(Prospect)}; may be empty too, after fewer replays, where what the job needs
   * of the device does not matter.
   *
   * @param matters whether so many bytes do; more do not where fewer do not
   */
  Optional<FitCheck> tryCheck(Prospect prospect, LongPredicate matters) {
    try {
      if (correction.isEmpty() && !prospect.memory.worst().needsNoMore(matters)) {
        return Optional.empty();
      }
      return Optional.of(check(prospect.document, prospect.resolution, prospect.memory));
    } catch (InputException | UnsupportedJobException e) {
      return Optional.empty();
    }
  }

  /** Without so many bytes of the device a job does not run, by its tensors. */
  private static long least(MemoryEstimate memory) {
    RankEstimate worst = memory.worst();
    return worst.allocatedBytes() + worst.outside().bytes();
  }

  /** Whether a job would fit for certain if it needed no more than its tensors. */
  private boolean mayFit(Resolution resolution, MemoryEstimate memory) {
    return least(memory) <= most(resolution, memory, FOR_CERTAIN);
  }

  /** As {@link #tryCheck}, and empty too, without a replay, where tensors alone are too many. */
  public Optional<FitCheck> tryFit(JobDocument document) {
    return check(
        document, (resolution, memory) -> memory.worst().allocatedBytes() <= usableBytes());
  }

  /** As {@link #tryFit}, of a job that fits for certain: others take fewer replays. */
  public Optional<FitCheck> tryFitForCertain(JobDocument document) {
    return check(document, (resolution, memory) -> needsNoMore(resolution, memory, FOR_CERTAIN))
        .filter(FitCheck::fits);
  }

  /** Whether a job runs and fits so surely, as {@link #check} would say, by fewer replays. */
  public boolean fits(JobDocument document, Certainty certainty) {
    try {
      JobDocument placed = placed(document);
      Resolution resolution = JobResolver.resolve(placed);
      MemoryEstimate memory = estimate(resolution);
      return correction.isPresent()
          ? certainty.isMet(check(placed, resolution, memory))
          : needsNoMore(resolution, memory, certainty) && lacksNothing(resolution, memory);
    } catch (InputException | UnsupportedJobException e) {
      return false;
    }
  }

  private boolean lacksNothing(Resolution resolution, MemoryEstimate memory) {
    return MachineNeeds.of(architecture, resolution, memory, usableBytes()).shortage().isEmpty();
  }

  /** Whether steps need no more than a job may that is to fit so surely. */
  private boolean needsNoMore(Resolution resolution, MemoryEstimate memory, Certainty certainty) {
    return correction.isPresent()
        || memory.worst().needsNoMore(most(resolution, memory, certainty));
  }

  private long most(Resolution resolution, MemoryEstimate memory, Certainty certainty) {
    return certainty.mostBytes(errors(resolution.job(), memory), usableBytes());
  }

  private Optional<FitCheck> check(
      JobDocument document, BiPredicate<Resolution, MemoryEstimate> worthReplaying) {
    try {
      JobDocument placed = placed(document);
      Resolution resolution = JobResolver.resolve(placed);
      return Optional.of(estimate(resolution))
          .filter(memory -> worthReplaying.test(resolution, memory))
          .map(memory -> check(placed, resolution, memory));
    } catch (InputException | UnsupportedJobException e) {
      return Optional.empty();
    }
  }

  /** The most bytes that such a job may need of the device, by the estimate, to fit for certain. */
  public long mostBytes(ResolvedJob job) {
    return FOR_CERTAIN.mostBytes(errors(job), usableBytes());
  }

  /** The same with a correction, which the job's changes keep. */
  public FitEvaluator corrected(Optional<Correction> used) {
    return new FitEvaluator(architecture, card, memoryBytes, keptFreeBytes, ranges, used, steps);
  }

  /** The same model on another card, for which no correction holds. */
  public FitEvaluator on(Gpu other) {
    return new FitEvaluator(
        architecture,
        Optional.of(other),
        other.allocatableBytes(),
        keptFreeBytes,
        ranges,
        Optional.empty(),
        steps);
  }

  /** The same with what others know of steps. */
  public FitEvaluator knowing(RecentSteps shared) {
    return new FitEvaluator(
        architecture, card, memoryBytes, keptFreeBytes, ranges, correction, shared);
  }
}
