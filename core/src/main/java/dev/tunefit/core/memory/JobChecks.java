package dev.tunefit.core.memory;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.job.ResolvedJob;

/** What must hold between a job and the architecture it trains. */
final class JobChecks {

  private JobChecks() {}

  static void check(Architecture architecture, ResolvedJob job) {
    if (job.parallelism().gpus() > 1) {
      throw new UnsupportedJobException("more than one GPU is not modelled yet");
    }
    job.adapter().ifPresent(adapter -> AdapterChecks.check(architecture, adapter));
  }
}
