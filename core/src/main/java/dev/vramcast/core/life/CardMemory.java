package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Optional;

/** Memory of a GPU in the parts of a run that are no passes. */
final class CardMemory {

  /**
   * From here on {@code Optimizer.load_state_dict} copies no tensors (torch/optim/optimizer.py).
   */
  private static final Version SHALLOW = Version.of(2, 1);

  private final Architecture architecture;
  private final ResolvedJob job;
  private final Checkpoint checkpoint;
  private final List<Trainable> trained;
  private final DataType dtype;
  private final Optional<FlatUnits> flat;
  private final long resident;
  private final long product;

  /**
   * Memory of the GPU that holds most.
   *
   * @param trained whole
   * @param resident bytes that are there between steps
   * @param product elements of the largest product of two factors
   */
  CardMemory(
      Architecture architecture,
      ResolvedJob job,
      Checkpoint checkpoint,
      List<Trainable> trained,
      long resident,
      long product) {
    this.architecture = architecture;
    this.job = job;
    this.checkpoint = checkpoint;
    this.trained = trained;
    this.dtype = new StepSettings(job, architecture.traits()).baseDtype();
    boolean flattens = job.parallelism().strategy() == Strategy.FSDP1;
    this.flat =
        flattens ? Optional.of(FlatUnits.of(architecture, job, trained, dtype)) : Optional.empty();
    this.resident = resident;
    this.product = product;
  }

  /** DeepSpeed and Megatron keep gradients in buffers, all others in tensors that go. */
  static boolean dropsGradients(ResolvedJob job) {
    Strategy strategy = job.parallelism().strategy();
    return !strategy.isZero() && strategy != Strategy.MEGATRON;
  }

  /**
   * While a checkpoint is written. Of what is divided, FSDP2 and ZeRO-3 gather one parameter for it
   * (torch/distributed/_state_dict_utils.py _offload_state_dict_to_cpu, deepspeed/runtime/engine.py
   * _zero3_consolidated_16bit_state_dict, which leaves frozen ones out), beside adapters too, whose
   * state_dict is that of the whole model (transformers/trainer.py save_model).
   */
  long saving() {
    Strategy strategy = job.parallelism().strategy();
    SavedState state = job.saving().state();
    boolean gathers =
        strategy.isFsdp() || strategy == Strategy.ZERO3 && state != SavedState.ADAPTER;
    boolean pieces = state == SavedState.SHARDED;
    if (!gathers || pieces && strategy != Strategy.FSDP1) {
      return resident;
    } else if (job.saving().onGpu() && !pieces) {
      return Capped.plus(resident, checkpoint.gatheredBytes());
    } else if (flat.isPresent()) {
      return Capped.plus(resident, flat.get().saving());
    }
    return Capped.plus(resident, Capped.times(largestTensor(), dtype.bytes()));
  }

  private long largestTensor() {
    return Tensors.largestCount(architecture);
  }

  /**
   * When the states of a checkpoint are there: once, and once more where what reads them copies
   * them on the card, as bitsandbytes does (bitsandbytes/optim/optimizer.py load_state_dict). FSDP2
   * has one parameter whole before that, makes states by a step on gradients of zeros, and puts
   * copies of those that were read in their places (torch/distributed/checkpoint/state_dict.py
   * _load_model_state_dict and _init_optim_state).
   */
  long resuming() {
    return switch (job.parallelism().strategy()) {
      case DDP -> copiesStates(job) ? Capped.plus(resident, checkpoint.stateBytes()) : resident;
      case FSDP1 -> flat.orElseThrow().resuming(resident, ownStates());
      case FSDP2 -> {
        long weights = Capped.plus(resident - ownStates(), readWhole());
        yield Math.max(weights, Capped.plus(resident, Math.max(ownStates(), gradients())));
      }
      case NONE, ZERO1, ZERO2, ZERO3, MEGATRON -> resident;
    };
  }

  /**
   * The largest parameter that a file of whole weights has. Frozen ones are left out of it, but for
   * a table that the head is tied to, which is known by another name there ({@code
   * ignore_frozen_params} in torch/distributed/checkpoint/state_dict.py _get_model_state_dict).
   */
  private long readWhole() {
    if (job.saving().state() == SavedState.SHARDED) {
      return 0;
    }
    boolean table = job.adapter().isEmpty() || architecture.head().tied();
    return table ? Capped.times(largestTensor(), dtype.bytes()) : 0;
  }

  private long ownStates() {
    return checkpoint.stateBytes() / job.parallelism().shards();
  }

  private long gradients() {
    return TrainedTensors.bytes(trained) / job.parallelism().shards();
  }

  /** Whether states are there twice while an optimizer takes them over. */
  static boolean copiesStates(ResolvedJob job) {
    return job.optimizer().implementation() == OptimizerImplementation.BITSANDBYTES
        || job.framework().torch().compareTo(SHALLOW) < 0;
  }

  /** Whether adapters are merged by a process that has nothing of the training. */
  static boolean mergesApart(ResolvedJob job, MergeDevice device) {
    return switch (device) {
      case GPU, CPU -> job.saving().alone() || job.frameworkCode().is(SaveCode.MERGES_APART);
      case FILES -> false;
      case FILE_BY_FILE -> true;
    };
  }

  /**
   * While adapters are merged: products of two factors, and each again when it is scaled, beside
   * what training left, or beside 16-bit weights that were loaded again for it.
   */
  long merging(MergeDevice device, DataType merged) {
    boolean apart = mergesApart(job, device);
    boolean again = !job.quantization().isNone() || apart;
    return switch (device) {
      case FILE_BY_FILE -> FileByFile.of(architecture, job, trained, merged).cardBytes();
      // LitGPT's trained model stays while its process merges (litgpt/finetune/lora.py main).
      case CPU -> again && !stays(apart) ? 0 : resident;
      // unsloth_zoo/saving_utils.py _merge_lora: in fp32, then in the dtype of the file.
      case FILES ->
          Capped.plus(resident, Capped.times(product, DataType.FP32.bytes() + merged.bytes()));
      case GPU -> {
        long products = 2L * product * job.adapter().orElseThrow().dtype().bytes();
        long base = apart ? spread(merged) : again ? whole(merged) : resident;
        yield Capped.plus(base, products);
      }
    };
  }

  private boolean stays(boolean apart) {
    return !apart && job.frameworkCode().is(SaveCode.MERGES_MAPPED);
  }

  private long whole(DataType merged) {
    long weights = Capped.times(Tensors.count(architecture), merged.bytes());
    return Capped.plus(weights, TrainedTensors.bytes(trained));
  }

  /**
   * Of one process for all cards of a machine, each has its part and a quarter more than a layer
   * ({@code device_map} auto of src/axolotl/utils/config choose_device, llamafactory/hparams/
   * parser.py get_infer_args, swift/model/utils.py get_default_device_map;
   * accelerate/utils/modeling.py get_balanced_memory).
   */
  private long spread(DataType merged) {
    int cards = job.parallelism().gpus() / Math.max(1, job.parallelism().nodes());
    long whole = whole(merged);
    if (cards <= 1) {
      return whole;
    }
    long layer =
        architecture.layers().stream()
            .flatMap(run -> run.period().stream())
            .mapToLong(Tensors::count)
            .max()
            .orElse(0);
    long buffer = Capped.times(layer, merged.bytes()) / 4 * 5;
    return Math.min(whole, Capped.plus(whole / cards, buffer));
  }
}
