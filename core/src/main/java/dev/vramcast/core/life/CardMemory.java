package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;

/** Memory of a GPU in the parts of a run that are no passes. */
final class CardMemory {

  /**
   * From here on {@code Optimizer.load_state_dict} copies no tensors (torch/optim/optimizer.py).
   */
  private static final Version SHALLOW = Version.of(2, 1);

  private final Architecture architecture;
  private final ResolvedJob job;
  private final Checkpoint checkpoint;
  private final long resident;
  private final long product;

  /**
   * Memory of the GPU that holds most.
   *
   * @param product elements of the largest product of two factors
   */
  CardMemory(
      Architecture architecture,
      ResolvedJob job,
      Checkpoint checkpoint,
      RankEstimate worst,
      long product) {
    this.architecture = architecture;
    this.job = job;
    this.checkpoint = checkpoint;
    this.resident = worst.residentBytes();
    this.product = product;
  }

  /**
   * While a checkpoint is written. What is divided is gathered for it: by FSDP1 the root's unit and
   * one layer's (torch/distributed/fsdp/_state_dict_utils.py _common_unshard_pre_state_dict_hook),
   * by FSDP2 and ZeRO-3 one parameter (torch/distributed/_state_dict_utils.py
   * _offload_state_dict_to_cpu, deepspeed/runtime/engine.py _zero3_consolidated_16bit_state_dict).
   */
  long saving() {
    if (job.saving().state() == SavedState.SHARDED || job.saving().state() == SavedState.ADAPTER) {
      return resident;
    }
    Strategy strategy = job.parallelism().strategy();
    boolean divided =
        strategy == Strategy.FSDP1 || strategy == Strategy.FSDP2 || strategy == Strategy.ZERO3;
    if (!divided) {
      return resident;
    } else if (job.saving().onGpu()) {
      return Capped.plus(resident, checkpoint.gatheredBytes());
    }
    long elements = strategy == Strategy.FSDP1 ? rootAndLayer() : largestTensor();
    return Capped.plus(resident, Capped.times(elements, job.weightDtype().bytes()));
  }

  private long rootAndLayer() {
    long layers = Tensors.count(architecture);
    long largest = 0;
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        long each = Tensors.count(layer);
        layers -= each * run.times();
        largest = Math.max(largest, each);
      }
    }
    return layers + largest;
  }

  private long largestTensor() {
    return Tensors.of(architecture).stream().mapToLong(ParameterTensor::count).max().orElse(0);
  }

  /**
   * When the states of a checkpoint are there: once, and once more where what reads them copies
   * them on the card, as bitsandbytes does (bitsandbytes/optim/optimizer.py load_state_dict).
   */
  long resuming() {
    boolean onCard = job.parallelism().strategy() == Strategy.DDP;
    return onCard && copiesStates(job) ? Capped.plus(resident, checkpoint.stateBytes()) : resident;
  }

  /** Whether states are there twice while an optimizer takes them over. */
  static boolean copiesStates(ResolvedJob job) {
    return job.optimizer().implementation() == OptimizerImplementation.BITSANDBYTES
        || job.framework().torch().compareTo(SHALLOW) < 0;
  }

  /**
   * While adapters are merged: products of two factors, and each again when it is scaled, beside
   * what training left, or beside 16-bit weights that were loaded again for it.
   */
  long merging(MergeDevice device, DataType merged) {
    if (device == MergeDevice.CPU) {
      return job.quantization().isNone() ? resident : 0;
    }
    if (device == MergeDevice.FILES) {
      // unsloth_zoo/saving_utils.py _merge_lora: in fp32, then in the dtype of the file.
      int each = DataType.FP32.bytes() + merged.bytes();
      return Capped.plus(resident, Capped.times(product, each));
    }
    long products = 2L * product * job.adapter().orElseThrow().dtype().bytes();
    long base =
        job.quantization().isNone()
            ? resident
            : Capped.times(Tensors.count(architecture), merged.bytes());
    return Capped.plus(base, products);
  }
}
