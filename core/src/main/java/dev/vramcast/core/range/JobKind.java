package dev.vramcast.core.range;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Stage;
import java.util.Optional;

/**
 * Whose code a job runs, as far as the errors of estimates differ by it.
 *
 * @param framework its name, e.g. {@code axolotl}: what runs are told apart by, which decides
 *     nothing else
 * @param model which kind of modeling code
 * @param spread over several GPUs
 * @param stage what a step is; {@link Stage#SFT} stands for all stages of one pass
 * @param era of the code; empty of a run that does not say how old it is
 */
public record JobKind(
    String framework, ModelKind model, Spread spread, Stage stage, Optional<Era> era) {

  /** That of a job of a model. */
  public static JobKind of(ResolvedJob job, Architecture model) {
    Stage stage = job.objective().stage();
    return new JobKind(
        job.framework().name(),
        ModelKind.of(model),
        Spread.of(job.parallelism()),
        stage.isSupervised() ? Stage.SFT : stage,
        Optional.of(Era.of(job)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JobKind kind
        && framework.equals(kind.framework)
        && model == kind.model
        && spread == kind.spread
        && stage == kind.stage
        && era.equals(kind.era);
  }

  /** By hand, as {@link #equals}: a program that starts pays for what a record makes by itself. */
  @Override
  public int hashCode() {
    int hash = 31 * framework.hashCode() + model.hashCode();
    return 31 * (31 * (31 * hash + spread.hashCode()) + stage.hashCode()) + era.hashCode();
  }

  /** That of a run that does not say how old its code is. */
  public JobKind ofUnknownAge() {
    return new JobKind(framework, model, spread, stage, Optional.empty());
  }

  /** That of a run of the same job by another framework's loop. */
  public JobKind runBy(String other) {
    return new JobKind(other, model, spread, stage, era);
  }
}
