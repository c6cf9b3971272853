package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life.DiskShare;
import dev.vramcast.core.time.work.RunWork;
import dev.vramcast.core.time.work.TrainingData;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run stores where it runs, and what is taken from there.
 *
 * @param diskBytes of a machine when most is on its disk
 * @param carriedBytes of what the run was for: a file for llama.cpp, merged weights, or the last
 *     weights or adapters
 */
public record Stored(long diskBytes, long carriedBytes) {

  public static final Stored NOTHING = new Stored(0, 0);

  /** Of a job whose data are known or not. */
  public static Stored of(Architecture architecture, Resolution resolution) {
    ResolvedJob job = resolution.job();
    Optional<RunWork> work = TrainingData.of(resolution).map(data -> data.work(job));
    return of(architecture, job, work, TrainingData.epochs(resolution));
  }

  /** Of a job on so much. */
  public static Stored of(
      Architecture architecture, ResolvedJob job, Optional<RunWork> work, double epochs) {
    Checkpoint checkpoint = Checkpoint.of(architecture, job, TrainedTensors.of(architecture, job));
    RunDisk disk = new RunDisk(architecture, job, checkpoint, work, epochs);
    long bytes =
        Stream.of(
                disk.downloaded(),
                disk.saved(),
                disk.consolidated(),
                disk.merged(),
                disk.exported())
            .flatMap(shares -> shares.stream())
            .mapToLong(DiskShare::bytes)
            .reduce(0, Capped::plus);
    return new Stored(bytes, disk.carriedBytes());
  }
}
