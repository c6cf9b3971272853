package dev.vramcast.core.life;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.life.file.SafetensorsFile;
import dev.vramcast.core.life.file.SavedFile;
import dev.vramcast.core.life.file.SavedTensor;
import dev.vramcast.core.life.file.SavedTensors;
import dev.vramcast.core.life.file.TorchFile;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The files of a checkpoint that grow with the model. Configuration, tokenizer, random states and
 * logs are not among them.
 *
 * @param files in the order in which they are written
 * @param weightBytes of what is written once more when the run is over; 0 where nothing is
 * @param gatheredBytes of the weights that go through the host of the first rank, where each holds
 *     a part of them
 * @param stateBytes of the optimizer's states, all ranks together
 * @param consolidation of the last one's shards; empty where they are left as they are
 */
public record Checkpoint(
    List<SavedFile> files,
    long weightBytes,
    long gatheredBytes,
    long stateBytes,
    Optional<Consolidation> consolidation) {

  public Checkpoint {
    files = List.copyOf(files);
  }

  /** What one takes on disk. */
  public long bytes() {
    return files.stream().mapToLong(SavedFile::bytes).sum();
  }

  /**
   * The checkpoint of a job; without files where its framework's way is not known.
   *
   * @param trained whole
   */
  static Checkpoint of(Architecture architecture, ResolvedJob job, List<Trainable> trained) {
    return new Writer(architecture, job, trained).checkpoint();
  }

  /** An archive of its own and a line of {@code .metadata}, as PyTorch 2.15 writes them. */
  private static final long AROUND_A_PIECE = 1850;

  /** Puts the files together, as the code does that writes them. */
  private static final class Writer {

    private final Architecture architecture;
    private final ResolvedJob job;
    private final List<SavedFile> files = new ArrayList<>();
    private final boolean adapter;
    private final SavedTensors weights;
    private final SavedTensors states;
    private final List<Trainable> tensors;
    private final int trained;

    Writer(Architecture architecture, ResolvedJob job, List<Trainable> tensors) {
      this.architecture = architecture;
      this.job = job;
      this.adapter = job.saving().state() == SavedState.ADAPTER || savesAdapters();
      this.tensors = tensors;
      this.trained = tensors.stream().mapToInt(Trainable::copies).sum();
      this.weights =
          adapter
              ? SavedTensors.of(WeightTensors.adapters(architecture, job.weightDtype(), tensors))
              : WeightTensors.model(architecture, dtype());
      this.states =
          SavedTensors.of(job.saving().states() ? StateTensors.of(job, tensors) : List.of());
    }

    /** However ranks of FSDP hand over their shards, PEFT picks adapters among them. */
    private boolean savesAdapters() {
      return job.adapter().isPresent() && gathersAll();
    }

    private boolean gathersAll() {
      Strategy strategy = job.parallelism().strategy();
      return job.frameworkCode().get(SaveCode.WRITER) == SaveCode.Writer.TRAINER
          && strategy.isFsdp();
    }

    /** transformers/trainer.py save_model: of the whole model, before adapters are picked. */
    private long gathered() {
      boolean base = adapter && gathersAll() && job.saving().state() != SavedState.SHARDED;
      long frozen = base ? Math.round(Tensors.count(architecture) * perElement()) : 0;
      return Math.addExact(frozen, weights.bytes());
    }

    private double perElement() {
      return job.quantization().isNone()
          ? job.weightDtype().bytes()
          : job.quantization().scheme().bytes(job.weightDtype());
    }

    /** Merged weights of a quantised base are written in the dtype in which it computes. */
    private DataType dtype() {
      return job.quantization().isNone() ? job.weightDtype() : job.computeDtype();
    }

    Checkpoint checkpoint() {
      long last =
          switch (job.frameworkCode().get(SaveCode.WRITER)) {
            case UNKNOWN -> 0;
            case TRAINER -> trainer();
            case TORCHTUNE -> torchtune();
            case FABRIC -> fabric();
            case DCP -> sharded();
          };
      boolean known = job.frameworkCode().get(SaveCode.WRITER) != SaveCode.Writer.UNKNOWN;
      Optional<Consolidation> whole =
          job.saving()
              .consolidator()
              .map(tool -> Consolidation.of(tool, job, weights, states, tensors));
      return new Checkpoint(files, last, known ? gathered() : 0, states.bytes(), whole);
    }

    /** transformers/trainer.py _save_checkpoint. */
    private long trainer() {
      return switch (job.parallelism().strategy()) {
        case NONE, DDP, MEGATRON -> {
          long last = weights();
          states("optimizer.pt");
          yield last;
        }
        case FSDP1, FSDP2 -> fsdp();
        case ZERO1, ZERO2, ZERO3 -> zero();
      };
    }

    private long weights() {
      String name = adapter ? "adapter_model.safetensors" : "model.safetensors";
      return add(name, adapter ? "adapters" : "weights", SafetensorsFile.bytes(weights));
    }

    private void states(String name) {
      if (job.saving().states()) {
        String folder = name.substring(0, name.indexOf('.'));
        add(name, "optimizer states", TorchFile.bytes(folder, states, trained));
      }
    }

    /** accelerate/utils/fsdp_utils.py save_fsdp_model and save_fsdp_optimizer. */
    private long fsdp() {
      boolean sharded = job.saving().state() == SavedState.SHARDED;
      if (sharded) {
        return sharded();
      }
      long last = weights();
      if (job.saving().states()) {
        String name = "pytorch_model_fsdp";
        add(name + ".bin", "weights once more", TorchFile.bytes(name, weights, 1));
        states("optimizer.bin");
      }
      return last;
    }

    /** torch/distributed/checkpoint/filesystem.py: a file a rank, of one archive a tensor. */
    private long sharded() {
      add("pytorch_model_fsdp_0/", "weights in shards", pieces(weights));
      if (states.bytes() > 0) {
        add("optimizer_0/", "optimizer states in shards", pieces(states));
      }
      return 0;
    }

    private long pieces(SavedTensors saved) {
      int ranks = job.parallelism().shards();
      long count = 0;
      for (SavedTensor each : saved) {
        count += each.shape().isEmpty() ? 1 : ranks;
      }
      return Math.addExact(saved.bytes(), count * AROUND_A_PIECE);
    }

    /** deepspeed/runtime/engine.py save_checkpoint, behind what Trainer saves. */
    private long zero() {
      boolean gathered = job.saving().state() != SavedState.SHARDED;
      long last = gathered ? weights() : 0;
      if (job.saving().states() || !gathered) {
        if (job.parallelism().strategy() != Strategy.ZERO3) {
          add("global_step/mp_rank_00_model_states.pt", "weights once more", weights.bytes());
        }
        long bytes = Math.addExact(states.bytes(), widened());
        add("global_step/*_optim_states.pt", "fp32 weights and states", bytes);
      }
      return last;
    }

    /** The fp32 copy of what has none among the states, since every one is saved. */
    private long widened() {
      boolean masters = job.optimizer().masterWeights();
      return tensors.stream()
          .filter(each -> !masters || each.dtype() == DataType.FP32)
          .mapToLong(each -> each.elements() * each.copies() * DataType.FP32.bytes())
          .sum();
    }

    /**
     * torchtune/training/checkpointing/_checkpointer.py FullModelHFCheckpointer.save_checkpoint.
     */
    private long torchtune() {
      long last = weights();
      if (adapter) {
        SavedTensors whole = WeightTensors.model(architecture, dtype());
        last = add("model.safetensors", "merged weights", SafetensorsFile.bytes(whole));
      }
      states("recipe_state.pt");
      return last;
    }

    /** lightning/fabric/fabric.py save, which torch.save follows. */
    private long fabric() {
      String name = adapter ? "lit_model.pth.lora" : "lit_model.pth";
      return add(name, adapter ? "adapters" : "weights", TorchFile.bytes("lit_model", weights, 1));
    }

    private long add(String name, String holds, long bytes) {
      files.add(new SavedFile(name, holds, bytes));
      return bytes;
    }
  }
}
