package dev.vramcast.sweep;

import dev.vramcast.core.cost.Work;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.plan.search.GpuRules;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.Seconds;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.TrainingData;
import dev.vramcast.sweep.product.Together;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** A job on a card: memory and speed, which rows with other data and prices share. */
final class CardEstimate {

  /**
   * Columns for which series of steps of changing length are replayed, which nothing else needs.
   */
  static final Set<Column> HELD = EnumSet.of(Column.RESERVED_BYTES, Column.DEVICE_BYTES);

  private static final double SECONDS_AN_HOUR = 3600;

  private final ResolvedJob job;
  private final Optional<TimeEstimate> time;

  /** Why no price is put on the run; empty when one is. */
  private final Optional<String> refusal;

  private final boolean runs;
  private final Together together;
  private final Object[] cells;

  CardEstimate(JobEstimate estimate, Optional<Gpu> gpu, RankEstimate rank) {
    this.job = estimate.job();
    this.cells = estimate.cells();
    this.together = estimate.together();
    set(Column.ALLOCATED_BYTES, rank.allocatedBytes());
    if (estimate.showsReserved()) {
      set(Column.RESERVED_BYTES, rank.reservedBytes());
      set(Column.DEVICE_BYTES, rank.deviceBytes());
    }
    long needed = rank.neededDeviceBytes();
    set(Column.NEEDED_BYTES, needed);
    Optional<RangeRow> errors =
        estimate.range().map(row -> row.knowing(rank.engineBytes(), rank.loadedBytes()));
    Optional<ByteRange> range = errors.map(row -> row.about(needed));
    range.ifPresent(ends -> set(Column.LOW_BYTES, ends.lowBytes()));
    range.ifPresent(ends -> set(Column.HIGH_BYTES, ends.highBytes()));
    long usable = gpu.map(card -> card.allocatableBytes()).orElse(0L);
    gpu.ifPresent(card -> evaluator(card, range.orElse(new ByteRange(needed, needed))));
    if (gpu.isPresent()) {
      errors
          .map(row -> row.chance(gpu, needed, usable))
          .orElse(OptionalDouble.empty())
          .ifPresent(chance -> set(Column.CHANCE, chance));
    }
    this.runs = gpu.isPresent() && needed <= usable;
    this.time =
        gpu.filter(TimeEstimator::knows)
            .map(
                card -> TimeEstimator.figures(estimate.profile(), job, card, MatmulType.PRECISION));
    time.ifPresent(speed -> set(Column.TOKENS_PER_SECOND, speed.tokensPerSecond()));
    this.refusal = gpu.flatMap(card -> refusal(job, card));
    refusal.ifPresent(why -> set(Column.ERROR, why));
  }

  private static Optional<String> refusal(ResolvedJob job, Gpu card) {
    return GpuRules.refusal(job, card)
        .map(why -> why.behind(card.name(), " ").line(Words.DOCUMENT));
  }

  private void evaluator(Gpu card, ByteRange range) {
    set(Column.GPU, card.name());
    set(Column.USABLE_BYTES, card.allocatableBytes());
    set(Column.VERDICT, range.verdict(card.allocatableBytes()).words());
  }

  private void set(Column column, Object value) {
    SettingCells.set(cells, column, value);
  }

  /** The run over some data, whatever it costs. */
  RunCells over(Optional<TrainingData> data) {
    Object[] row = cells.clone();
    if (data.isEmpty()) {
      return new RunCells(row, Optional.empty(), together);
    }
    SettingCells.set(row, Column.TOKENS, data.get().tokens());
    return new RunCells(row, time.flatMap(speed -> work(row, speed, data.get())), together);
  }

  /** Empty where nobody would start the run. */
  private Optional<Work> work(Object[] row, TimeEstimate speed, TrainingData data) {
    RunEstimate run = RunEstimator.estimate(speed, job, data.work(job), RunExtras.USUAL);
    SettingCells.set(row, Column.HOURS, Seconds.of(run.total()) / SECONDS_AN_HOUR);
    if (!runs || refusal.isPresent() || data.tokens() <= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Work.of(speed, run, data.tokens()));
    } catch (InputException e) {
      SettingCells.set(row, Column.ERROR, RowEstimator.reason(e));
      return Optional.empty();
    }
  }
}
