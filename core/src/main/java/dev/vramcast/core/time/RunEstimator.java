package dev.vramcast.core.time;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.time.work.RunWork;
import dev.vramcast.core.time.work.TrainingData;
import java.time.Duration;
import java.util.Optional;

/** Estimates how long a run takes from how fast it is. */
public final class RunEstimator {

  /** Bytes of a resumable checkpoint for each weight trained in full: bf16, fp32 master, Adam. */
  private static final double FULL_BYTES = 14;

  /** As {@link #FULL_BYTES}, of an adapter: fp32 and Adam's moments. */
  private static final double ADAPTER_BYTES = 12;

  /** Of a network disk, bytes a second; an assumption. */
  private static final double DISK = 1e9;

  /** Minutes before the first step up to 8 B parameters, and at 70 B: a judgement. */
  private static final double SMALL_MINUTES = 5;

  private static final double LARGE_MINUTES = 15;
  private static final double SMALL = 8e9;
  private static final double LARGE = 70e9;

  private RunEstimator() {}

  /**
   * The run of a job whose document says on how much data it trains.
   *
   * @return empty when it does not
   */
  public static Optional<RunEstimate> estimate(
      TimeEstimate time, Resolution resolution, RunExtras extras) {
    ResolvedJob job = resolution.job();
    return TrainingData.of(resolution).map(data -> estimate(time, job, data.work(job), extras));
  }

  /**
   * A run in which so much is done, with the evaluation that the job describes.
   *
   * @param time of {@code job}
   */
  public static RunEstimate estimate(
      TimeEstimate time, ResolvedJob job, RunWork work, RunExtras extras) {
    return estimate(time, work, evaluated(job, extras));
  }

  /** Where nobody says what all evaluations take, the one that the job describes. */
  private static RunExtras evaluated(ResolvedJob job, RunExtras extras) {
    if (extras.evaluationTokens() > 0 || job.evaluation().isEmpty()) {
      return extras;
    }
    return new RunExtras(EvaluationTime.tokens(job, job.evaluation().get()), extras.saves());
  }

  private static RunEstimate estimate(TimeEstimate time, RunWork work, RunExtras extras) {
    double evaluated = extras.evaluationTokens() * time.run().evaluationSecondsPerToken();
    Duration evaluation = Seconds.duration(evaluated);
    Duration training = time.timeOf(work.tokens());
    Duration startup = startup(time.run().parameters());
    Duration checkpoints = writing(extras.saves() * time.run().checkpointBytes());
    Duration beside = startup.plus(checkpoints);
    double seconds = Seconds.of(training.plus(evaluation));
    double speed = time.tokensPerSecond();
    return new RunEstimate(
        work.tokens(),
        work.steps(),
        startup,
        training,
        evaluation,
        checkpoints,
        beside.plus(Seconds.duration(seconds * speed / time.throughput().range().high())),
        beside.plus(Seconds.duration(seconds * speed / time.throughput().range().low())));
  }

  /** Bytes of a checkpoint from which training of so many parameters can go on. */
  public static double checkpointBytes(double trained, boolean adapters) {
    return trained * (adapters ? ADAPTER_BYTES : FULL_BYTES);
  }

  /** The time to write a checkpoint of so many bytes. */
  public static Duration writing(double bytes) {
    return Seconds.duration(bytes / DISK);
  }

  /** What passes before the first step of a model of so many parameters. */
  public static Duration startup(double parameters) {
    double beyond = Math.max(0, (parameters - SMALL) / (LARGE - SMALL));
    return Seconds.duration(60 * (SMALL_MINUTES + (LARGE_MINUTES - SMALL_MINUTES) * beyond));
  }
}
