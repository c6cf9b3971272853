package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.KernelRemedies.settings;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** More cards, or larger ones. */
record CardRemedies(List<Gpu> cards) {

  /** A machine holds up to so many. */
  private static final int MOST_IN_A_MACHINE = 8;

  /** Twice, four times and eight times as many, among which the model is divided. */
  List<Change> moreCards(FitCheck job) {
    Parallelism degrees = settings(job).parallelism();
    Optional<Strategy> dividing =
        switch (degrees.strategy()) {
          case NONE, DDP -> DividingStrategy.of(job);
          case FSDP2 -> Optional.of(Strategy.FSDP2);
          case FSDP1, ZERO1, ZERO2, ZERO3, MEGATRON -> Optional.empty();
        };
    return dividing.map(strategy -> moreCards(job, strategy)).orElse(List.of());
  }

  private static List<Change> moreCards(FitCheck job, Strategy strategy) {
    Parallelism degrees = settings(job).parallelism();
    List<Change> changes = new ArrayList<>();
    for (int gpus = 2 * degrees.gpus(); gpus <= MOST_IN_A_MACHINE; gpus *= 2) {
      Edit edit = Edit.of(job).set(JobKey.STRATEGY, strategy).set(JobKey.GPU_COUNT, gpus);
      if (!strategy.isZero()) {
        edit.set(JobKey.SHARD, gpus / (degrees.tensor() * degrees.context()))
            .set(JobKey.REPLICATE, 1);
      }
      changes.add(
          new Change(
              degrees.gpus() + " to " + gpus + " GPUs under " + strategy.label(),
              Drawback.MONEY,
              gpus / degrees.gpus() + " times the rent",
              edit.done()));
    }
    return changes;
  }

  /** Cards with more memory than the job has now, the smallest first. */
  List<Change> largerCard(FitCheck job) {
    List<Change> changes = new ArrayList<>();
    long before = job.usableBytes();
    for (Gpu gpu : sorted()) {
      if (gpu.allocatableBytes() > before && runsTheSameCode(job, gpu)) {
        changes.add(
            new Change(
                "on " + gpu.name(),
                Drawback.MONEY,
                "another card",
                Edit.of(job).set(JobKey.GPU, gpu.name()).done(),
                Optional.of(gpu)));
      }
    }
    return changes;
  }

  /** Cards of other makers need other builds of the framework. */
  private boolean runsTheSameCode(FitCheck job, Gpu gpu) {
    Optional<Vendor> vendor = job.card().map(Gpu::vendor);
    return vendor.isEmpty() || vendor.get() == gpu.vendor();
  }

  /** A larger laptop or another computer is nothing that a card is changed for. */
  private List<Gpu> sorted() {
    return cards.stream()
        .filter(gpu -> gpu.gpuClass() != GpuClass.LAPTOP && gpu.gpuClass() != GpuClass.UNIFIED)
        .sorted(Comparator.comparingLong(gpu -> gpu.allocatableBytes()))
        .toList();
  }
}
