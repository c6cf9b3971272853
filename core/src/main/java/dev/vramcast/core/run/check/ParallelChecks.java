package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
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
      ZeroChecks.check(job);
    }
    if (degrees.pipeline() > 1 && degrees.strategy() != Strategy.MEGATRON) {
      throw Gap.value(JobKey.PIPELINE, job.parallelism().pipeline())
          .and(" under ", JobKey.STRATEGY, " ", job.parallelism().strategy())
          .needs("what a stage holds of micro-batches in flight")
          .modelled(JobKey.STRATEGY, " megatron")
          .refusal();
    }
    SequenceChecks.check(architecture, job);
  }
}
