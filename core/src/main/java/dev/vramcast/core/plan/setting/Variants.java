package dev.vramcast.core.plan.setting;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The variants of a job on so many GPUs. What the job states is kept; of what it leaves open, its
 * own default comes first, so that of two that are as good the more usual one is taken.
 */
public final class Variants {

  private final JobDocument job;
  private final Choices choices;

  private Variants(JobDocument job, Choices choices) {
    this.job = job;
    this.choices = choices;
  }

  /** All variants, whether they can run or not. */
  public static List<Variant> of(JobDocument job, Choices choices) {
    Variants variants = new Variants(job, choices);
    List<Variant> all = new ArrayList<>();
    for (Optional<Method> method : variants.methods()) {
      JobDocument document = new Variant(method, none(), none(), none(), none()).on(job);
      resolve(document)
          .ifPresentOrElse(
              base -> variants.add(all, method, base),
              () -> all.add(new Variant(method, none(), none(), none(), none())));
    }
    return all;
  }

  private void add(List<Variant> all, Optional<Method> method, Resolution base) {
    for (Optional<Strategy> strategy : strategies(base)) {
      for (Optional<OptimizerName> optimizer : optimizers(base.job())) {
        for (Optional<Checkpointing> checkpointing : checkpointings(base.job())) {
          for (Optional<LossKernel> loss : losses(base.job())) {
            all.add(new Variant(method, strategy, checkpointing, loss, optimizer));
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
    return some(base.job().frameworkCode().spread().strategies().stream());
  }

  private List<Optional<Checkpointing>> checkpointings(ResolvedJob base) {
    return job.has(JobKey.CHECKPOINTING)
        ? left()
        : some(Stream.of(base.checkpointing(), Checkpointing.NONE, Checkpointing.FULL));
  }

  /** Where Liger does not reach, frameworks divide the loss themselves. */
  private List<Optional<LossKernel>> losses(ResolvedJob base) {
    boolean hasLiger = base.frameworkCode().loss().ligerReaches();
    return job.has(JobKey.LOSS)
        ? left()
        : some(Stream.of(base.loss(), hasLiger ? LossKernel.LIGER : LossKernel.CHUNKED));
  }

  /** The states of adapters are too small to be worth 8 bits. */
  private List<Optional<OptimizerName>> optimizers(ResolvedJob base) {
    boolean open =
        !job.has(JobKey.OPTIMIZER_NAME)
            && base.adapter().isEmpty()
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
