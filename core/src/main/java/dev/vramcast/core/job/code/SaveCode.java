package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;

/**
 * What a framework writes to disk during a run where its user says nothing about it.
 *
 * @param writer whose code writes a checkpoint
 * @param interval when one is written
 * @param kept how many are left on disk
 * @param states those of the optimizer and of the learning rate are written beside the weights, so
 *     that a run can be resumed
 * @param fsdp1 what FSDP1 hands over
 * @param fsdp2 what FSDP2 hands over
 * @param gathersZero3 16-bit weights are gathered under ZeRO-3; else every rank writes its shards
 *     of the fp32 ones
 */
public record SaveCode(
    Writer writer,
    Interval interval,
    Kept kept,
    boolean states,
    StateDict fsdp1,
    StateDict fsdp2,
    boolean gathersZero3) {

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

  /** What ranks that hold shards write. */
  public enum StateDict {
    /** Rank 0 writes everything, which is gathered tensor by tensor and moved to the host. */
    FULL,
    /** Every rank writes its shards. */
    SHARDED
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
