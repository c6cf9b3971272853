package dev.vramcast.bench;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The same job on few and on many GPUs: an estimate takes as long. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class GpuCountBenchmark {

  @Param({"fsdp2", "fsdp1", "ddp", "zero3"})
  public String strategy;

  @Param({"8", "64", "4096"})
  public int gpus;

  private Architecture architecture;
  private ResolvedJob resolved;

  /** Everything that is known before a job is estimated. */
  @Setup
  public void prepare() {
    architecture = Job.FULL_AUTOCAST.architecture();
    JobDocument document =
        Job.FULL_AUTOCAST
            .document()
            .withFlag(JobKey.STRATEGY, strategy)
            .withFlag(JobKey.GPU_COUNT, Integer.toString(gpus));
    resolved = JobResolver.resolve(document).job();
  }

  /** The peak of every kind of rank, with its explanation. */
  @Benchmark
  public MemoryEstimate estimate() {
    return MemoryEstimator.estimate(architecture, resolved, Optional.empty());
  }
}
