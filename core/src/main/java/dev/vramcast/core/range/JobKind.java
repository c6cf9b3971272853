package dev.vramcast.core.range;

import dev.vramcast.core.job.ResolvedJob;

/** What is known of a job before it runs and by which the errors of estimates differ. */
public record JobKind(Spread spread, Code code) {

  public static JobKind of(ResolvedJob job) {
    return new JobKind(Spread.of(job.parallelism()), Code.of(job.frameworkCode()));
  }
}
