package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.KernelRemedies.settings;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.rule.Provenance;
import java.util.List;
import java.util.Optional;

/** How a framework divides a model among cards. */
final class DividingStrategy {

  /** Of those that a framework is started with, the one that a changed job takes. */
  private static final List<Strategy> BEFORE_OTHERS =
      List.of(Strategy.FSDP2, Strategy.ZERO3, Strategy.FSDP1);

  private DividingStrategy() {}

  /** The strategy; empty where the framework has whole copies alone. */
  static Optional<Strategy> of(FitCheck job) {
    List<Strategy> started = settings(job).frameworkCode().get(SpreadCode.STRATEGIES);
    return BEFORE_OTHERS.stream().filter(started::contains).findFirst().or(() -> own(job));
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
