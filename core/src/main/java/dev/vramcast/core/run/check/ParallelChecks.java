package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Strategy;

/** What must hold between the degrees of parallelism, the model and the framework. */
final class ParallelChecks {

  private ParallelChecks() {}

  static void check(Architecture architecture, ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    if (degrees.strategy() == Strategy.MEGATRON) {
      MegatronScope.check(architecture, job);
    }
    if (degrees.strategy().isZero()) {
      ZeroChecks.check(architecture, job);
    }
    if (degrees.pipeline() > 1 && degrees.strategy() != Strategy.MEGATRON) {
      PipelineChecks.check(architecture, job);
    }
    SequenceChecks.check(architecture, job);
  }
}
