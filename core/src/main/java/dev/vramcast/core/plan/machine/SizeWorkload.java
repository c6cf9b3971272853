package dev.vramcast.core.plan.machine;

import dev.vramcast.core.cost.Work;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.plan.search.GpuRules;
import dev.vramcast.core.rule.ModelSize;
import dev.vramcast.core.rule.RuleMethod;
import dev.vramcast.core.rule.RuleOfThumb;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.Seconds;
import dev.vramcast.core.time.rate.SizeSpeed;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A model of which only the size is known: memory by the rule of thumb, divided among the GPUs,
 * time by operations.
 *
 * @param job what a GPU has to be able to run
 * @param tokens of the whole run
 */
public record SizeWorkload(
    ModelSize size, RuleMethod method, RuleOfThumb rule, ResolvedJob job, double tokens)
    implements Workload {

  private static final String BY_RULE = "by rule";

  /** Gradients of the rule have two bytes. */
  private static final double GRADIENT_BYTES = 2;

  @Override
  public Outcome on(Gpu gpu, int count) {
    Optional<Notice> unknown = GpuRules.refusal(job, gpu);
    if (unknown.isPresent()) {
      return new Outcome.Unknown(unknown.get());
    }
    long needed = rule.totalBytes();
    long usable = count * gpu.allocatableBytes();
    return needed > usable
        ? new Outcome.TooLarge(needed, usable)
        : new Outcome.Runs(
            BY_RULE, OptionalDouble.empty(), Optional.empty(), needed, usable, work(gpu, count));
  }

  private Work work(Gpu gpu, int count) {
    boolean adapters = method != RuleMethod.FULL;
    SizeSpeed speed = SizeSpeed.of(size.active(), adapters, method == RuleMethod.QLORA, gpu, count);
    double seconds = tokens / speed.tokensPerSecond();
    double trained = adapters ? rule.gradientBytes() / GRADIENT_BYTES : size.parameters();
    Duration startup = RunEstimator.startup(size.parameters());
    Duration checkpoint = RunEstimator.writing(RunEstimator.checkpointBytes(trained, adapters));
    Duration beside = startup.plus(checkpoint);
    return new Work(
        tokens,
        startup,
        Seconds.duration(seconds),
        checkpoint,
        beside.plus(Seconds.duration(seconds)),
        beside.plus(Seconds.duration(seconds / speed.factor())),
        beside.plus(Seconds.duration(seconds * speed.factor())));
  }
}
