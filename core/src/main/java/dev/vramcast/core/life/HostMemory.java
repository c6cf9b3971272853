package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.Evaluation;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.life.file.GgufFile;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.step.optimizer.OptimizerStates;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;

/**
 * Memory of the machine that needs most, in each episode: what processes allocate for themselves.
 * Files that are mapped, weights above all, are read through the page cache, which gives way.
 */
final class HostMemory {

  /**
   * Anonymous memory of a process that has imported PyTorch 2.15, Transformers 5.24, PEFT 0.21 and
   * TRL 1.16, measured in /proc/self/status on Linux.
   */
  static final long LIBRARIES = 518L << 20;

  /**
   * CUDA's share of the host in a process that uses it: 2,056,600 kB after 322,040 without (pytorch
   * issue 113326, PyTorch 2.2 with lazy loading).
   */
  private static final long CUDA = (2_056_600L - 322_040L) << 10;

  /** What a process takes beside the model. */
  static final long PROCESS = LIBRARIES + CUDA;

  /** Private memory of a data loader's process, measured in smaps; it shares the rest. */
  static final long WORKER = 12L << 20;

  private final Architecture architecture;
  private final ResolvedJob job;
  private final List<Trainable> trained;
  private final Checkpoint checkpoint;
  private final DataType published;
  private final DataType loaded;
  private final int ranks;

  /**
   * Memory of a job's machines.
   *
   * @param trained whole
   * @param published dtype of the weights' files
   * @param loaded dtype in which they are loaded, before anything casts them
   */
  HostMemory(
      Architecture architecture,
      ResolvedJob job,
      List<Trainable> trained,
      Checkpoint checkpoint,
      DataType published,
      DataType loaded) {
    this.architecture = architecture;
    this.job = job;
    this.trained = trained;
    this.checkpoint = checkpoint;
    this.published = published;
    this.loaded = loaded;
    int nodes = Math.max(1, job.parallelism().nodes());
    this.ranks = (job.parallelism().gpus() + nodes - 1) / nodes;
  }

  /**
   * What is there all the time: of a training, every rank of a machine; of what trains nothing, one
   * process, which uses CUDA throughout where it keeps the loaded model on a card.
   */
  long standing() {
    if (job.saving().alone()) {
      return job.saving().merge().filter(MergeDevice.FILES::equals).isPresent()
          ? PROCESS
          : LIBRARIES;
    }
    return Capped.plus(
        Capped.times(ranks, PROCESS),
        Capped.times((long) ranks * job.machine().loaderWorkers(), WORKER));
  }

  /** While the model is loaded. */
  long loading() {
    long read = new LoadedHost(architecture, job, trained, published, loaded, ranks).bytes();
    return Capped.plus(read, ExpertHost.bytes(architecture, job));
  }

  private long modelBytes(DataType dtype) {
    return Capped.times(Tensors.count(architecture), dtype.bytes());
  }

  /** In a step: what is offloaded, and states in managed memory, which go there when they must. */
  long stepping(MemoryEstimate memory) {
    long offloaded = memory.ranks().stream().mapToLong(RankEstimate::pinnedBytes).max().orElse(0);
    long paged = job.optimizer().name().isPaged() ? pagedBytes() : 0;
    long each = Capped.plus(offloaded, Capped.plus(paged, sleeping()));
    return Capped.plus(Capped.times(ranks, each), ExpertHost.bytes(architecture, job));
  }

  /** vLLM's weights while it sleeps at level 1 (vllm/device_allocator/cumem.py sleep). */
  private long sleeping() {
    Optional<Settings.Generation> generation = job.objective().generated();
    boolean keeps =
        generation
            .filter(each -> each.engine() == GenerationEngine.VLLM_COLOCATE)
            .filter(each -> each.resident().sleep().orElse(0) == 1)
            .isPresent();
    int tensor = generation.flatMap(each -> each.resident().tensor()).orElse(1);
    return keeps ? modelBytes(DataType.BF16) / tensor : 0;
  }

  private long pagedBytes() {
    long[] sum = {0};
    for (Trainable each : trained) {
      new OptimizerStates(
              job,
              (elements, dtype, paged) ->
                  sum[0] += paged ? elements * dtype.bytes() * each.copies() : 0)
          .of(each);
    }
    return sum[0] / job.parallelism().shards();
  }

  /**
   * In an evaluation whose logits are gathered, they all end up on the host of every rank ({@code
   * EvalLoopContainer.to_cpu_and_numpy}), and are there twice while those of the last batches are
   * put behind the others, where they come in several parts.
   */
  long evaluating() {
    if (job.evaluation().isEmpty() || !job.evaluation().get().metrics()) {
      return 0;
    }
    Evaluation evaluation = job.evaluation().get();
    long tokens = (long) evaluation.microBatch() * job.batch().sequenceLength();
    long width = job.objective().classes().orElse(0);
    long each =
        width > 0
            ? Capped.times(evaluation.microBatch() * width, logitsDtype().bytes())
            : Capped.times(
                Capped.times(tokens, architecture.vocabularySize()), logitsDtype().bytes());
    long all = Capped.times(each, (long) evaluation.batches() * job.parallelism().gpus());
    boolean parts = evaluation.gathered() < evaluation.batches();
    return Capped.times(ranks, parts ? Capped.times(2, all) : all);
  }

  private DataType logitsDtype() {
    return job.autocast() ? DataType.FP32 : job.computeDtype();
  }

  /**
   * While a checkpoint is written. safetensors takes all tensors of a file to the host first
   * (safetensors/torch.py _flatten_as_ptr), torch.save one after the other. What ranks hold in
   * parts is gathered on the host of the first; the weights are gone before the states come.
   */
  long saving() {
    SavedState state = job.saving().state();
    if (state == SavedState.SHARDED) {
      return 0;
    }
    return switch (job.parallelism().strategy()) {
      case FSDP1, FSDP2 -> Math.max(checkpoint.gatheredBytes(), checkpoint.stateBytes());
      case ZERO1, ZERO2, ZERO3 -> checkpoint.gatheredBytes();
      case NONE, DDP, MEGATRON -> Math.min(checkpoint.gatheredBytes(), fileBytes());
    };
  }

  /** {@code max_shard_size} of transformers/modeling_utils.py save_pretrained. */
  private long fileBytes() {
    return job.framework().transformers().atLeast(5, 0) ? 50_000_000_000L : 5_000_000_000L;
  }

  /**
   * When a run goes on from a checkpoint: states are read into the host on one GPU, by the first
   * rank under FSDP, and by every rank its own under ZeRO; copies on several GPUs read them onto
   * their cards (transformers/trainer.py _load_optimizer_and_scheduler). bitsandbytes copies what
   * it is given (bitsandbytes/optim/optimizer.py load_state_dict).
   */
  long resuming() {
    boolean copied = CardMemory.copiesStates(job);
    long nodes = Math.max(1, job.parallelism().nodes());
    return switch (job.parallelism().strategy()) {
      case NONE -> Capped.times(copied ? 2 : 1, checkpoint.stateBytes());
      case FSDP1, FSDP2 -> job.saving().state() == SavedState.SHARDED ? 0 : checkpoint.stateBytes();
      case ZERO1, ZERO2, ZERO3 -> checkpoint.stateBytes() / nodes;
      case DDP, MEGATRON -> 0;
    };
  }

  /** What is there beside that: of training, or of a process that merges once training is over. */
  long besideMerge(MergeDevice device) {
    if (!CardMemory.mergesApart(job, device)) {
      return standing();
    }
    return device == MergeDevice.CPU ? LIBRARIES : PROCESS;
  }

  /**
   * While adapters are merged and all weights are written (peft/tuners/lora/layer.py merge and
   * get_delta_weight): on the host, the weights, and the largest product of two factors, which is
   * there a second time when it is scaled.
   */
  long merging(MergeDevice device) {
    DataType dtype = mergedDtype();
    if (device == MergeDevice.FILE_BY_FILE) {
      return FileByFile.of(architecture, job, trained, dtype).hostBytes();
    } else if (device == MergeDevice.FILES) {
      // What goes to the card is made fp32 before it is copied there, and comes back narrow.
      int each = DataType.FP32.bytes() + dtype.bytes();
      return Capped.times(each, TrainedTensors.Factors.largestProduct(trained));
    }
    long model = modelBytes(dtype);
    if (device == MergeDevice.GPU) {
      return model;
    } else if (job.frameworkCode().is(SaveCode.MERGES_MAPPED)) {
      return mapped(dtype);
    }
    DataType adapter = job.adapter().orElseThrow().dtype();
    boolean widened = adapter != DataType.FP32;
    long products = 2L * (widened ? DataType.FP32 : adapter).bytes();
    return Capped.plus(
        model,
        Capped.plus(
            TrainedTensors.bytes(trained),
            Capped.times(products, TrainedTensors.Factors.largestProduct(trained))));
  }

  /**
   * Of weights that are mapped, those that change, and the largest product of two factors, which is
   * there a second time when it is scaled (litgpt/lora.py LoRALinear.merge); all weights where the
   * adapters have another dtype than the file.
   */
  private long mapped(DataType dtype) {
    boolean cast = dtype != published;
    long products = TrainedTensors.Factors.products(trained);
    long kept = cast ? modelBytes(dtype) : Capped.times(products, dtype.bytes());
    long product = TrainedTensors.Factors.largestProduct(trained);
    return Capped.plus(kept, Capped.times(2L * dtype.bytes(), product));
  }

  /**
   * While a file of llama.cpp's is written: the largest tensor in fp32 and room for as much again
   * (src/llama-quant.cpp f32_conv_buf and work); what is read is mapped.
   */
  long exporting() {
    return Capped.times(2L * DataType.FP32.bytes(), GgufFile.largest(architecture));
  }

  /** A quantised base is loaded again in 16 bits, since 4-bit weights cannot be exported. */
  DataType mergedDtype() {
    return mergedDtype(job);
  }

  /** The same of a job. */
  static DataType mergedDtype(ResolvedJob job) {
    return job.quantization().isNone() ? job.weightDtype() : job.checkpointDtype();
  }
}
