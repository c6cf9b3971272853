package dev.vramcast.core.plan.setting;

import dev.vramcast.core.job.ResolvedJob;
import java.util.List;

/**
 * Jobs that differ in how a batch is divided alone, the smallest micro-batch first; either all or
 * none accumulate gradients. A later one never allocates less.
 */
public final class Splits {

  private final List<ResolvedJob> jobs;

  Splits(List<ResolvedJob> jobs) {
    this.jobs = List.copyOf(jobs);
  }

  public ResolvedJob job(int index) {
    return jobs.get(index);
  }

  public int size() {
    return jobs.size();
  }
}
