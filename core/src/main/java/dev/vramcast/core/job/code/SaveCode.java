package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.Strategy;
import org.jspecify.annotations.Nullable;

/** What a framework writes to disk during a run where its user says nothing about it. */
public final class SaveCode {

  /** Whose code writes a checkpoint. */
  public static final CodeKey<Writer> WRITER = new CodeKey<>("saving.writer", Writer.UNKNOWN);

  /** When a checkpoint is written. */
  public static final CodeKey<Interval> INTERVAL = new CodeKey<>("saving.interval", new AtEnd());

  /** How many checkpoints are left on disk. */
  public static final CodeKey<Kept> KEPT = new CodeKey<>("saving.kept", Kept.ALL);

  /**
   * States of the optimizer and of the learning rate are written beside the weights, so that a run
   * can be resumed.
   */
  public static final CodeKey<Boolean> STATES = new CodeKey<>("saving.states", true);

  /** What FSDP1 hands over to be saved. */
  public static final CodeKey<StateDict> FSDP1 = new CodeKey<>("saving.fsdp1", StateDict.FULL);

  /** What FSDP2 hands over to be saved. */
  public static final CodeKey<StateDict> FSDP2 = new CodeKey<>("saving.fsdp2", StateDict.SHARDED);

  /**
   * 16-bit weights are gathered under ZeRO-3; else every rank writes its shards of the fp32 ones.
   */
  public static final CodeKey<Boolean> GATHERS_ZERO3 = new CodeKey<>("saving.gathers_zero3", true);

  /**
   * By which ranks' shards are put together once FSDP has written them; those of ZeRO have {@link
   * #consolidator one of their own}.
   */
  public static final CodeKey<Consolidator> CONSOLIDATOR =
      new CodeKey<>("saving.fsdp_consolidator", Consolidator.NONE);

  /** Where adapters are merged. */
  public static final CodeKey<MergeDevice> MERGE = new CodeKey<>("saving.merge", MergeDevice.GPU);

  /**
   * A command of its own merges adapters, when training is over and its process gone, and loads the
   * model for it.
   */
  public static final CodeKey<Boolean> MERGES_APART = new CodeKey<>("saving.merges_apart", false);

  /**
   * Where that is on the host, weights stay in the mapping of their file, of which what changes is
   * copied page by page, unless all are made another dtype.
   */
  public static final CodeKey<Boolean> MERGES_MAPPED = new CodeKey<>("saving.merges_mapped", false);

  private SaveCode() {}

  /**
   * By which ranks' shards are put together: DeepSpeed puts its program beside every checkpoint
   * (deepspeed/runtime/engine.py _copy_recovery_script), under FSDP each framework has its own.
   */
  public static Consolidator consolidator(FrameworkCode code, Strategy strategy) {
    if (strategy.isZero()) {
      return Consolidator.ZERO_TO_FP32;
    }
    return strategy == Strategy.MEGATRON ? Consolidator.NONE : code.get(CONSOLIDATOR);
  }

  /** Code that writes checkpoints. */
  public enum Writer {
    /** Nobody has described it. */
    UNKNOWN,
    /** {@code Trainer._save_checkpoint} of Transformers. */
    TRAINER,
    /** {@code CheckpointClient.save_checkpoint} of torchtune, which merges adapters. */
    TORCHTUNE,
    /** {@code Fabric.save} of Lightning: one file of what is trained. */
    FABRIC,
    /** {@code torch.distributed.checkpoint.save} of a sharded model and its optimizer. */
    DCP
  }

  /** A program that makes whole weights of ranks' shards, without a GPU. */
  public enum Consolidator implements Named {
    /** None is described. */
    NONE("none"),
    /** {@code dcp_to_torch_save}: all that a checkpoint holds. */
    DCP_TO_TORCH("torch.distributed.checkpoint.format_utils dcp_to_torch"),
    /** {@code merge_fsdp_weights} of accelerate: the weights, whose states stand elsewhere. */
    ACCELERATE("accelerate merge-weights"),
    /** The same of Axolotl, in bf16. */
    AXOLOTL("axolotl merge-sharded-fsdp-weights"),
    /** {@code FSDPModelMerger} of verl, in bf16. */
    VERL("verl.model_merger"),
    /** DeepSpeed's: the fp32 weights that its optimizer keeps. */
    ZERO_TO_FP32("zero_to_fp32.py");

    private final String label;

    Consolidator(String label) {
      this.label = label;
    }

    @Override
    public String label() {
      return label;
    }
  }

  /** Steps between checkpoints where somebody asks for steps and says no number. */
  private static final int USUAL_STEPS = 500;

  /**
   * When a checkpoint is written where a user says when, or how often, or both.
   *
   * @param usual when the framework writes one
   * @param moment null where nobody says
   * @param steps from one to the next; null where nobody says
   */
  public static Interval interval(
      Interval usual, @Nullable Moment moment, @Nullable Integer steps) {
    if (moment == null) {
      return steps == null ? usual : new Steps(steps);
    }
    return switch (moment) {
      case NO -> new Never();
      case EPOCH -> new Epochs();
      case END -> new AtEnd();
      case STEPS ->
          steps != null
              ? new Steps(steps)
              : usual instanceof Steps ? usual : new Steps(USUAL_STEPS);
    };
  }

  /** What ranks that hold shards write. */
  public enum StateDict {
    /** Rank 0 writes everything, which is gathered tensor by tensor and moved to the host. */
    FULL,
    /** Every rank writes its shards. */
    SHARDED
  }

  /** When checkpoints are written, as a user says it. */
  public enum Moment implements Named {
    /** Never. */
    NO("no"),
    /** Every so many steps, and at the end. */
    STEPS("steps"),
    /** At the end of every epoch. */
    EPOCH("epoch"),
    /** At the end of the run. */
    END("end");

    private final String label;

    Moment(String label) {
      this.label = label;
    }

    @Override
    public String label() {
      return label;
    }
  }

  /** When a checkpoint is written. */
  public sealed interface Interval extends Named {}

  /** Not even at the end: who wants checkpoints asks for them. */
  public record Never() implements Interval {
    @Override
    public String label() {
      return "never";
    }
  }

  /** At the end of the run alone. */
  public record AtEnd() implements Interval {
    @Override
    public String label() {
      return "at the end";
    }
  }

  /** At the end of every epoch, the last one too. */
  public record Epochs() implements Interval {
    @Override
    public String label() {
      return "every epoch";
    }
  }

  /**
   * Every so many steps of the optimizer, and at the end.
   *
   * @param count of steps from one to the next
   */
  public record Steps(int count) implements Interval {
    public Steps {
      if (count < 1) {
        throw new IllegalArgumentException("steps between checkpoints: " + count);
      }
    }

    @Override
    public String label() {
      return "every " + count + " steps";
    }
  }

  /**
   * How many checkpoints are left; older ones are deleted once a new one is written.
   *
   * @param count at most
   */
  public record Kept(int count) implements Named {

    /** None is deleted. */
    public static final Kept ALL = new Kept(Integer.MAX_VALUE);

    /** Those on disk once so many were written. */
    public int of(int written) {
      return Math.min(written, count);
    }

    @Override
    public String label() {
      return equals(ALL) ? "all" : String.valueOf(count);
    }
  }
}
