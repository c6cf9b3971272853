package dev.vramcast.core.time;

import dev.vramcast.core.input.Remark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast a job runs.
 *
 * @param step one optimizer step
 * @param tokensPerStep of all GPUs, padding included
 * @param throughput tokens over time
 * @param parts where the time of a step goes
 * @param run what the time of a whole run depends on beside the speed
 * @param assumptions what was taken for granted where the job did not say
 */
public record TimeEstimate(
    Duration step,
    double tokensPerStep,
    Throughput throughput,
    TimeParts parts,
    RunSizes run,
    List<Remark> assumptions) {

  public TimeEstimate {
    assumptions = List.copyOf(assumptions);
  }

  /** The same with one thing more taken for granted. */
  public TimeEstimate assuming(Remark more) {
    List<Remark> all = new ArrayList<>(assumptions);
    all.add(more);
    return new TimeEstimate(step, tokensPerStep, throughput, parts, run, all);
  }

  /** Of all GPUs, padding included. */
  public double tokensPerSecond() {
    return throughput.tokensPerSecond();
  }

  /** The time of so many tokens, padding included. */
  public Duration timeOf(double tokens) {
    return Seconds.duration(tokens / tokensPerSecond());
  }
}
