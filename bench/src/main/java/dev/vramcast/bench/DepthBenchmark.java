package dev.vramcast.bench;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.TraceReading;
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

/** The same model with few and with many layers: its trace takes as long, its replays do not. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class DepthBenchmark {

  @Param({"8", "80", "800"})
  public int layers;

  private Architecture architecture;
  private ResolvedJob resolved;
  private AllocationTrace trace;

  /** Everything that is known before a job is estimated. */
  @Setup
  public void prepare() {
    architecture = Job.QLORA_CHECKPOINTED.architecture(layers);
    resolved = JobResolver.resolve(Job.QLORA_CHECKPOINTED.document()).job();
    trace = EstimateBenchmark.write(architecture, resolved);
  }

  /** The peak and its explanation. */
  @Benchmark
  public TraceReading estimate() {
    return TraceReading.of(EstimateBenchmark.write(architecture, resolved));
  }

  /** The least memory with which two steps run, found by replays. */
  @Benchmark
  public long needed() {
    return EstimateBenchmark.needed(trace);
  }
}
