package dev.vramcast.core.life;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.life.file.SafetensorsFile;
import dev.vramcast.core.life.file.SavedTensor;
import dev.vramcast.core.life.file.SavedTensors;
import dev.vramcast.core.life.file.TorchFile;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole weights, made of ranks' shards by one process without a GPU.
 *
 * @param hostBytes that it allocates; files that are mapped are not among them
 * @param fileBytes that it writes beside the shards
 */
record Consolidation(long hostBytes, long fileBytes) {

  /** From here on DeepSpeed maps its files, and makes one file of weights after the other. */
  private static final Version MAPS = Version.of(0, 16);

  /** From here on DeepSpeed writes several files ({@code max_shard_size}). */
  private static final Version DIVIDES = Version.of(0, 15);

  /** {@code 5GB} of zero_to_fp32.py. */
  private static final long FILE = 5_000_000_000L;

  /**
   * What a program takes.
   *
   * @param weights as a checkpoint's shards hold them
   * @param states of the optimizer, all ranks together
   * @param trained whole
   */
  static Consolidation of(
      SaveCode.Consolidator tool,
      ResolvedJob job,
      SavedTensors weights,
      SavedTensors states,
      List<Trainable> trained) {
    long largest = largest(weights);
    int ranks = job.parallelism().shards();
    return switch (tool) {
      case NONE -> throw new IllegalArgumentException("nothing puts these shards together");
      case ACCELERATE ->
          new Consolidation(
              Capped.plus(weights.bytes(), largest / ranks), SafetensorsFile.bytes(weights));
      case AXOLOTL -> axolotl(weights, largest, ranks);
      case VERL -> verl(weights, largest, ranks);
      case DCP_TO_TORCH -> archive(weights, states, largest / ranks);
      case ZERO_TO_FP32 -> new Zero(job, weights, states, trained).consolidation();
    };
  }

  /**
   * torch/distributed/checkpoint/format_utils.py dcp_to_torch_save: everything that the checkpoint
   * holds is made empty, and filled piece by piece. What the optimizer has beside tensors is not
   * counted.
   */
  private static Consolidation archive(SavedTensors weights, SavedTensors states, long piece) {
    List<SavedTensor> all = new ArrayList<>();
    weights.forEach(all::add);
    states.forEach(all::add);
    long bytes = Capped.plus(weights.bytes(), states.bytes());
    return new Consolidation(Capped.plus(bytes, piece), TorchFile.bytes("model", all, 1));
  }

  /**
   * axolotl/cli/merge_sharded_fsdp_weights.py: tensors are made in the dtype of the shards, and
   * bf16 one after the other once they are filled, of which the first, the embeddings, is there
   * twice.
   */
  private static Consolidation axolotl(SavedTensors weights, long largest, int ranks) {
    SavedTensors narrow = narrowed(weights);
    long cast = narrow.bytes() < weights.bytes() ? largest(narrow) : 0;
    long piece = Capped.plus(largest / ranks, cast / ranks);
    return new Consolidation(
        Capped.plus(weights.bytes(), Math.max(piece, cast)), SafetensorsFile.bytes(narrow));
  }

  /**
   * verl/model_merger/fsdp_model_merger.py merge_and_save: all ranks' files are loaded at once, and
   * the first one's before that, of which nothing goes until the end.
   */
  private static Consolidation verl(SavedTensors weights, long largest, int ranks) {
    SavedTensors narrow = narrowed(weights);
    long loaded = Capped.plus(weights.bytes(), weights.bytes() / ranks);
    return new Consolidation(Capped.plus(loaded, largest), SafetensorsFile.bytes(narrow));
  }

  private static SavedTensors narrowed(SavedTensors weights) {
    return new SavedTensors(
        weights.blocks().stream()
            .map(
                block ->
                    new SavedTensors.Block(
                        block.path(), block.tensors().stream().map(Consolidation::narrow).toList()))
            .toList());
  }

  private static SavedTensor narrow(SavedTensor tensor) {
    return new SavedTensor(tensor.name(), tensor.shape(), DataType.BF16);
  }

  private static long largest(SavedTensors weights) {
    long most = 0;
    for (SavedTensor each : weights) {
      most = Math.max(most, each.bytes());
    }
    return most;
  }

  /** deepspeed/utils/zero_to_fp32.py, which writes {@code pytorch_model.bin} in fp32. */
  private static final class Zero {

    private final ResolvedJob job;
    private final SavedTensors weights;
    private final SavedTensors states;
    private final long wide;
    private final long frozen;
    private final boolean divided;

    Zero(ResolvedJob job, SavedTensors weights, SavedTensors states, List<Trainable> trained) {
      this.job = job;
      this.weights = weights;
      this.states = states;
      long elements = trained.stream().mapToLong(each -> each.elements() * each.copies()).sum();
      this.wide = Capped.times(elements, DataType.FP32.bytes());
      this.frozen = Math.max(0, weights.bytes() - TrainedTensors.bytes(trained));
      this.divided = job.parallelism().strategy() == Strategy.ZERO3;
    }

    Consolidation consolidation() {
      boolean maps = job.framework().deepspeed().compareTo(MAPS) >= 0;
      long host = divided ? ofParts(maps) : ofPartitions(maps);
      return new Consolidation(host, fileBytes());
    }

    /**
     * Up to ZeRO-2 the file of the 16-bit model is read whole and let go; then all partitions are
     * put together. Before files were mapped, the optimizer's states were read with them, since
     * they are under another name than the one that is thrown away.
     */
    private long ofPartitions(boolean maps) {
      long read = maps ? wide : Math.max(Capped.plus(wide, extra()), Capped.times(2, wide));
      return Math.max(weights.bytes(), Capped.plus(frozen, read));
    }

    /** States beside the fp32 weights, which may be among them. */
    private long extra() {
      return job.optimizer().masterWeights() ? Math.max(0, states.bytes() - wide) : states.bytes();
    }

    /**
     * Under ZeRO-3 tensors of one file are made at a time; before files were mapped, the groups of
     * every rank were put together first, and then every tensor of them. Frozen parts are read, and
     * put together beside that.
     */
    private long ofParts(boolean maps) {
      long made = maps ? Math.min(FILE, wide) : Capped.times(2, wide);
      return Capped.plus(Capped.times(2, frozen), made);
    }

    /**
     * Tensors of ZeRO-1 and 2 are views of one vector, and {@code torch.save} writes the whole of
     * what a view is of: every file holds all that was trained.
     */
    private long fileBytes() {
      long each = Capped.plus(wide, TorchFile.bytes("pytorch_model", List.of(), 1));
      boolean once = divided || job.framework().deepspeed().compareTo(DIVIDES) < 0;
      return Capped.plus(frozen, Capped.times(once ? 1 : files(), each));
    }

    /** huggingface_hub split_torch_state_dict_into_shards: tensors in their order. */
    private int files() {
      int count = 1;
      long filled = 0;
      for (SavedTensor each : weights) {
        long bytes = Capped.times(each.elements(), DataType.FP32.bytes());
        if (filled > 0 && filled + bytes > FILE) {
          count++;
          filled = 0;
        }
        filled += bytes;
      }
      return count;
    }
  }
}
