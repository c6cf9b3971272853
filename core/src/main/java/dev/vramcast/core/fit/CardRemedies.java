package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.KernelRemedies.settings;

import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.rule.Provenance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** More cards, or larger ones. */
record CardRemedies(List<Gpu> cards) {

  /** Of those that a framework is started with, the one that a changed job takes. */
  private static final List<Strategy> BEFORE_OTHERS =
      List.of(Strategy.FSDP2, Strategy.ZERO3, Strategy.FSDP1);

  /** A machine holds up to so many. */
  private static final int MOST_IN_A_MACHINE = 8;

  /** More than eight machines are seldom rented for one run. */
  private static final int MOST_MACHINES = 8;

  /** Twice as many and so on, among which the model is divided: up to eight times a machine. */
  List<Change> moreCards(FitCheck job) {
    if (job.card().filter(card -> card.gpuClass().isWithinComputer()).isPresent()) {
      return List.of();
    }
    Strategy strategy = settings(job).parallelism().strategy();
    Optional<Strategy> dividing =
        switch (strategy) {
          case NONE, DDP -> dividing(job);
          case FSDP1, FSDP2, ZERO1, ZERO2, ZERO3 -> Optional.of(strategy);
          case MEGATRON -> Optional.empty();
        };
    return dividing.map(each -> moreCards(job, each)).orElse(List.of());
  }

  private static List<Change> moreCards(FitCheck job, Strategy strategy) {
    int now = settings(job).parallelism().gpus();
    int most = MOST_IN_A_MACHINE * (now < MOST_IN_A_MACHINE ? 1 : MOST_MACHINES);
    List<Change> changes = new ArrayList<>();
    for (int gpus = 2 * now; gpus <= most; gpus *= 2) {
      changes.add(
          new Change(
              now + " to " + gpus + " GPUs under " + strategy.label(),
              Drawback.MONEY,
              gpus / now + " times the rent",
              dividedAmong(gpus, job, strategy)));
    }
    return changes;
  }

  private static JobDocument dividedAmong(int gpus, FitCheck job, Strategy strategy) {
    Parallelism now = settings(job).parallelism();
    Edit edit = Edit.of(job).set(JobKey.STRATEGY, strategy).set(JobKey.GPU_COUNT, gpus);
    // A count that stands in what the card is called, as in 2x4090, would contradict it.
    job.card()
        .filter(card -> job.document().has(JobKey.GPU))
        .ifPresent(card -> edit.set(JobKey.GPU, card.name()));
    if (gpus > MOST_IN_A_MACHINE) {
      edit.set(JobKey.NODES, Math.max(1, now.nodes()) * (gpus / now.gpus()));
    }
    if (!strategy.isZero()) {
      edit.set(JobKey.SHARD, gpus / (now.tensor() * now.context())).set(JobKey.REPLICATE, 1);
    }
    return edit.done();
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

  /**
   * Cards of other makers need other builds of the framework; and where a maker's cards do not run
   * CUDA, those of data centres have software of their own, as Gaudi has beside Intel's Arc.
   */
  private boolean runsTheSameCode(FitCheck job, Gpu gpu) {
    return job.card()
        .filter(
            card ->
                card.vendor() != gpu.vendor()
                    || !card.vendor().runsCuda() && isRented(card) != isRented(gpu))
        .isEmpty();
  }

  private static boolean isRented(Gpu gpu) {
    return gpu.gpuClass() == GpuClass.DATACENTER;
  }

  /** A larger laptop or another computer is nothing that a card is changed for. */
  private List<Gpu> sorted() {
    return cards.stream()
        .filter(gpu -> !gpu.gpuClass().isWithinComputer())
        .sorted(Comparator.comparingLong(gpu -> gpu.allocatableBytes()))
        .toList();
  }

  /**
   * The strategy by which a framework divides a model among cards; empty where it has whole copies
   * alone. FSDP that does not find the model's layers is none.
   */
  static Optional<Strategy> dividing(FitCheck job) {
    List<Strategy> started = settings(job).frameworkCode().get(SpreadCode.STRATEGIES);
    return BEFORE_OTHERS.stream()
        .filter(started::contains)
        .filter(each -> !job.offers().stopping().contains(each))
        .findFirst()
        .or(() -> own(job));
  }

  /** That of a framework which leaves no choice. */
  private static Optional<Strategy> own(FitCheck job) {
    JobDocument open =
        job.document()
            .without(List.of(JobKey.STRATEGY, JobKey.SHARD, JobKey.REPLICATE))
            .with(JobKey.GPU_COUNT, 2, Edit.ORIGIN);
    try {
      return JobResolver.resolve(open)
          .value(JobKey.STRATEGY)
          .filter(value -> value.provenance() == Provenance.FRAMEWORK_DEFAULT)
          .map(value -> (Strategy) value.value())
          .filter(BEFORE_OTHERS::contains);
    } catch (InputException | UnsupportedJobException e) {
      return Optional.empty();
    }
  }
}
