package dev.vramcast.core.plan.setting;

import dev.vramcast.core.code.FusedLoss;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.plan.setting.Variant.Spread;
import dev.vramcast.core.plan.setting.Variant.Taught;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The variants of a job on so many GPUs. What the job states is kept; of what it leaves open, its
 * own default comes first, so that of two that are as good the more usual one is taken.
 */
public final class Variants {

  private final Placement placement;
  private final JobDocument job;
  private final Choices choices;

  private Variants(Placement placement, JobDocument job, Choices choices) {
    this.placement = placement;
    this.job = job;
    this.choices = choices;
  }

  /** All variants, whether they can run or not. */
  public static List<Variant> of(Placement placement, JobDocument job, Choices choices) {
    Variants variants = new Variants(placement, job, choices);
    List<Variant> all = new ArrayList<>();
    for (Taught taught : variants.taught()) {
      Variant first = Variant.of(taught);
      resolve(first.on(job))
          .ifPresentOrElse(base -> variants.add(all, taught, base), () -> all.add(first));
    }
    return all;
  }

  /** Adapters alone have a rank. */
  private List<Taught> taught() {
    List<Taught> all = new ArrayList<>();
    for (Optional<Method> method : methods()) {
      Optional<Resolution> base = resolve(Variant.of(new Taught(method, none(), none())).on(job));
      boolean adapters = base.filter(each -> each.job().adapter().isPresent()).isPresent();
      for (Optional<Integer> rank : adapters ? any(choices.ranks()) : Variants.<Integer>left()) {
        any(choices.lengths()).forEach(length -> all.add(new Taught(method, rank, length)));
      }
    }
    return all;
  }

  private static List<Optional<Integer>> any(List<Integer> allowed) {
    return allowed.isEmpty() ? left() : some(allowed.stream());
  }

  private void add(List<Variant> all, Taught taught, Resolution base) {
    for (Spread spread : spreads(base)) {
      for (Optional<OptimizerName> optimizer : optimizers(base.job(), spread)) {
        for (Optional<Checkpointing> checkpointing : checkpointings(base.job())) {
          for (Optional<LossKernel> loss : losses(base.job())) {
            all.add(new Variant(taught, spread, checkpointing, loss, optimizer));
          }
        }
      }
    }
  }

  private List<Optional<Method>> methods() {
    return choices.methods().isEmpty() ? left() : some(choices.methods().stream());
  }

  /** What the framework is started with where it does not decide. */
  private List<Optional<Strategy>> strategies(Resolution base) {
    boolean frameworkDecides =
        base.value(JobKey.STRATEGY)
            .filter(value -> value.provenance() == Provenance.FRAMEWORK_DEFAULT)
            .isPresent();
    if (job.has(JobKey.STRATEGY) || base.job().parallelism().gpus() == 1 || frameworkDecides) {
      return left();
    }
    return some(base.job().frameworkCode().get(SpreadCode.STRATEGIES).stream());
  }

  /** With what helps where memory is short: states, then weights too, on the host. */
  private List<Spread> spreads(Resolution base) {
    List<Spread> all = new ArrayList<>();
    List<Optional<Strategy>> strategies = strategies(base);
    strategies.forEach(strategy -> all.add(new Spread(strategy, List.of())));
    if (offloads(base.job())) {
      boolean alone = base.job().parallelism().gpus() == 1;
      boolean launched =
          base.job().frameworkCode().get(SpreadCode.STRATEGIES).contains(Strategy.ZERO2);
      Stream<Optional<Strategy>> zero =
          alone && launched && !job.has(JobKey.STRATEGY)
              ? Stream.of(Optional.of(Strategy.ZERO2), Optional.of(Strategy.ZERO3))
              : strategies.stream();
      zero.flatMap(Variants::offloaded).forEach(all::add);
    }
    return all;
  }

  /**
   * The states of adapters are too small for it, and DeepSpeed alone takes others than PyTorch's.
   */
  private boolean offloads(ResolvedJob base) {
    return !job.has(JobKey.OFFLOAD)
        && base.adapter().isEmpty()
        && base.optimizer().name() == OptimizerName.ADAMW;
  }

  private static Stream<Spread> offloaded(Optional<Strategy> strategy) {
    List<OffloadTarget> states = List.of(OffloadTarget.OPTIMIZER);
    return switch (strategy.orElse(Strategy.NONE)) {
      case ZERO2 -> Stream.of(new Spread(strategy, states));
      case ZERO3 ->
          Stream.of(
              new Spread(strategy, states),
              new Spread(strategy, List.of(OffloadTarget.OPTIMIZER, OffloadTarget.PARAMETERS)));
      case NONE, DDP, FSDP1, FSDP2, ZERO1, MEGATRON -> Stream.empty();
    };
  }

  private List<Optional<Checkpointing>> checkpointings(ResolvedJob base) {
    return job.has(JobKey.CHECKPOINTING)
        ? left()
        : some(Stream.of(base.checkpointing(), Checkpointing.NONE, Checkpointing.FULL));
  }

  private List<Optional<LossKernel>> losses(ResolvedJob base) {
    Optional<LossKernel> fused =
        FusedLoss.of(placement.architecture(), base, Optional.of(placement.gpu()));
    return job.has(JobKey.LOSS)
        ? left()
        : some(Stream.concat(Stream.of(base.loss()), fused.stream()));
  }

  /** The states of adapters are too small to be worth 8 bits, and the CPU has no such kernel. */
  private List<Optional<OptimizerName>> optimizers(ResolvedJob base, Spread spread) {
    boolean open =
        !job.has(JobKey.OPTIMIZER_NAME)
            && !job.has(JobKey.OPTIMIZER_IMPLEMENTATION)
            && base.adapter().isEmpty()
            && spread.offload().isEmpty()
            && base.optimizer().name() == OptimizerName.ADAMW;
    return open ? some(Stream.of(OptimizerName.ADAMW, OptimizerName.ADAMW_8BIT)) : left();
  }

  private static Optional<Resolution> resolve(JobDocument document) {
    try {
      return Optional.of(JobResolver.resolve(document));
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private static <T> List<Optional<T>> some(Stream<T> values) {
    return values.distinct().map(Optional::of).toList();
  }

  private static <T> List<Optional<T>> left() {
    return List.of(none());
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }
}
