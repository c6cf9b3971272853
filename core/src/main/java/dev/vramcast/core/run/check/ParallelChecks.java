package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
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
          .modelled(JobKey.STRATEGY, " megatron")
          .refusal();
    }
    checkContext(job, degrees);
  }

  /** Each rank takes a chunk from the front and one from the back, so that causal work is even. */
  private static void checkContext(ResolvedJob job, Parallelism degrees) {
    long sequence = job.batch().sequenceLength();
    if (degrees.context() > 1 && sequence % (2L * degrees.context()) != 0) {
      throw InputError.about(JobKey.CONTEXT)
          .isSet(degrees.context())
          .and(", but ", JobKey.SEQUENCE_LENGTH, " ", sequence, " is not a multiple of twice that")
          .allowed("lengths divisible by ", 2L * degrees.context())
          .refusal();
    }
  }
}
