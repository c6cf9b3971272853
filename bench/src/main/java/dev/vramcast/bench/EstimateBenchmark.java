package dev.vramcast.bench;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.step.EpisodeWriter;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.trace.replay.AllocatorReplay;
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

/** One estimate of a deep model, whole and in parts. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class EstimateBenchmark {

  @Param public Job job;

  private JobDocument document;
  private Architecture architecture;
  private ResolvedJob resolved;
  private ResolvedJob padded;
  private AllocationTrace trace;

  /** Everything that is known before a job is estimated. */
  @Setup
  public void prepare() {
    document = job.document();
    architecture = job.architecture();
    resolved = JobResolver.resolve(document).job();
    padded = JobResolver.resolve(document.withFlag(JobKey.PADDING, "longest")).job();
    trace = write(architecture, resolved);
  }

  static AllocationTrace write(Architecture architecture, ResolvedJob job) {
    return EpisodeWriter.write(
            architecture,
            job,
            RunPlan.of(job).episodes(),
            EpisodeWriter.OnCard.ofAnySize(0, false),
            EpisodeWriter.Asked.ALL)
        .device();
  }

  /** The peak and its explanation, for a job in which nothing is left open. */
  @Benchmark
  public TraceReading estimate() {
    return TraceReading.of(write(architecture, resolved));
  }

  /** The first half of {@link #estimate}. */
  @Benchmark
  public AllocationTrace write() {
    return write(architecture, resolved);
  }

  /** The second half of {@link #estimate}. */
  @Benchmark
  public TraceReading read() {
    return TraceReading.of(trace);
  }

  /** From what the user said to the answer. */
  @Benchmark
  public MemoryEstimate resolve_and_estimate() {
    return MemoryEstimator.estimate(
        architecture, JobResolver.resolve(document).job(), Optional.empty());
  }

  /** What the caching allocator holds after two steps; every layer is replayed. */
  @Benchmark
  public long replay() {
    return new AllocatorReplay(trace, AllocatorSettings.DEFAULT).reservedBytes();
  }

  /** The least memory with which two steps run, found by replays. */
  @Benchmark
  public long needed() {
    return needed(trace);
  }

  static long needed(AllocationTrace trace) {
    AllocatorReplay replay = new AllocatorReplay(trace, AllocatorSettings.DEFAULT);
    return replay.neededBytes(TraceReading.of(trace).peakBytes(), replay.reservedBytes());
  }

  /** Trace, reserved and needed bytes of a job whose micro-batches differ in length. */
  @Benchmark
  public long answer_of_padded() {
    RankEstimate rank = MemoryEstimator.ranks(architecture, padded, Optional.empty()).get(0);
    return rank.neededBytes(rank.reservedBytes());
  }

  /** The same without reserved bytes, as {@code fit} and plans ask for it. */
  @Benchmark
  public long verdict_of_padded() {
    return MemoryEstimator.ranks(architecture, padded, Optional.empty()).get(0).neededDeviceBytes();
  }
}
