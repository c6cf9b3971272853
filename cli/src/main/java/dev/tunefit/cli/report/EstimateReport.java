package dev.tunefit.cli.report;

import dev.tunefit.catalog.source.LocatedModel;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.job.Resolution;
import dev.tunefit.core.memory.MemoryEstimate;
import dev.tunefit.core.memory.tape.TapeReading.Alive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The memory of one job with all that led to it.
 *
 * @param data how long batches get, where the job says how long its examples are
 * @param warnings one line each
 */
public record EstimateReport(
    LocatedModel model,
    Optional<Gpu> gpu,
    Resolution resolution,
    MemoryEstimate memory,
    Optional<DataReport> data,
    List<String> warnings) {

  public EstimateReport {
    warnings = List.copyOf(warnings);
  }

  /** What is taken for granted, one sentence each. */
  public List<String> assumptions() {
    List<String> all = new ArrayList<>(memory.assumptions());
    data.map(DataReport::assumptions).ifPresent(all::addAll);
    return all;
  }

  /** Tensors alive at the peak, largest first, then by name. */
  public List<Alive> alive() {
    return memory.worst().alive().stream()
        .sorted(
            Comparator.comparingLong(Alive::bytes)
                .reversed()
                .thenComparing(Alive::name)
                .thenComparing(Alive::category))
        .toList();
  }

  /** The numbers with the ranges about them. Replays the step, which takes milliseconds. */
  public ExpectedMemory expected() {
    return ExpectedMemory.of(memory.worst(), resolution.job());
  }
}
