package dev.vramcast.answers.memory;

import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.life.MachineNeeds;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.trace.TraceReading.Alive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Memory and time of one job with all that led to them.
 *
 * @param data how long batches get, where the job says how long its examples are
 * @param time empty when no GPU is named, or its rates are not known
 * @param run empty when there is no time, or the job does not say on how much data it trains
 * @param warnings what is to be known of it
 */
public record EstimateReport(
    LocatedModel model,
    Optional<Gpu> gpu,
    Resolution resolution,
    MemoryEstimate memory,
    Optional<DataReport> data,
    Optional<TimeEstimate> time,
    Optional<RunEstimate> run,
    List<Notice> warnings) {

  public EstimateReport {
    warnings = List.copyOf(warnings);
  }

  /** The run's episodes with what each takes of GPUs, machines and disk; put together anew. */
  public Life life() {
    return LifeEstimator.estimate(model.architecture(), resolution, memory);
  }

  /** What the run needs beside what its steps take of cards; put together anew. */
  public MachineNeeds needs() {
    long usable = gpu.map(Gpu::allocatableBytes).orElse(Long.MAX_VALUE);
    return MachineNeeds.of(model.architecture(), resolution, memory, usable);
  }

  /** What is offloaded to the memory of each machine. */
  public long offloadedBytes() {
    return MachineNeeds.offloadedBytes(model.architecture(), resolution.job(), memory);
  }

  /** What is taken for granted, of memory first. */
  public List<Remark> assumptions() {
    List<Remark> all = new ArrayList<>(memory.assumptions());
    data.map(DataReport::assumptions).ifPresent(all::addAll);
    time.map(TimeEstimate::assumptions).ifPresent(all::addAll);
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
    return ExpectedMemory.of(memory.worst(), resolution.job(), model.architecture());
  }
}
