package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.market.HostSize;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * What a job takes of a machine and its disk however its steps are spread: processes and what is
 * saved, the weights as they were downloaded and one checkpoint.
 *
 * @param memoryBytes of the machine
 * @param diskBytes of its disk
 */
public record LeastHost(long memoryBytes, long diskBytes) {

  /**
   * What a machine holds while steps run.
   *
   * @param ranks processes on it
   * @param offloaded of each of them
   */
  public static long stepping(int ranks, long offloaded) {
    return Capped.times(ranks, Capped.plus(HostMemory.PROCESS, offloaded));
  }

  /** The least of a job with as many GPUs as it says. */
  public static LeastHost of(Architecture architecture, Resolution resolution) {
    List<Trainable> trained = TrainedTensors.of(architecture, resolution.job());
    Checkpoint checkpoint = Checkpoint.of(architecture, resolution.job(), trained);
    DataType published = resolution.job().checkpointDtype();
    HostMemory host =
        new HostMemory(
            architecture,
            resolution.job(),
            trained,
            checkpoint,
            published,
            LoadedDtype.of(resolution));
    return new LeastHost(
        Capped.plus(host.standing(), host.saving()),
        Capped.plus(Tensors.count(architecture) * published.bytes(), checkpoint.bytes()));
  }

  /** Whether a machine is not known to have too little memory. */
  public boolean fitsMemory(HostSize host) {
    return host.memoryBytes().orElse(Long.MAX_VALUE) >= memoryBytes;
  }

  /** Whether a machine is not known to have too little disk. */
  public boolean fitsDisk(HostSize host) {
    return host.diskBytes().orElse(Long.MAX_VALUE) >= diskBytes;
  }
}
