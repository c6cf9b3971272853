package dev.vramcast.core.job.option.layer;

import dev.vramcast.core.units.Rounding;
import java.util.OptionalInt;

/**
 * Which layers run again in the backward pass, where a job has checkpoints at all.
 *
 * @param every one of so many layers; 1 for all (transformers/modeling_utils.py
 *     _set_gradient_checkpointing every_n_layers; torchtitan, distributed/activation_checkpoint.py
 *     selective_ac_option; torchtune, training/_activation_checkpointing.py ac_option)
 * @param last it is the last of them, not the first
 * @param first so many of each (virtual) pipeline stage, its first; empty for all
 *     (megatron/core/transformer/ transformer_block.py _checkpointed_forward, recompute_method
 *     block)
 * @param together so many as one, of which only the input is kept (the same, uniform)
 */
public record CheckpointPlacement(int every, boolean last, OptionalInt first, int together) {

  /** Each layer has a checkpoint of its own. */
  public static final CheckpointPlacement ALL =
      new CheckpointPlacement(1, false, OptionalInt.empty(), 1);

  /** Whether each layer has one of its own. */
  public boolean isAll() {
    return every == 1 && first.isEmpty() && together == 1;
  }

  /** In which runs are told apart. */
  public String label() {
    return "every " + every + ", first " + first.orElse(0) + ", together " + together;
  }

  /** As it is said among an answer's assumptions. */
  public String sentence() {
    if (first.isPresent()) {
      return "Of each pipeline stage only the first layers are checkpointed.";
    }
    return every > 1
        ? "One of " + every + " layers is checkpointed; the others keep what they make."
        : "One checkpoint holds " + together + " layers.";
  }

  /** Whether the layer with that number, from 0 on, is the one of so many. */
  public boolean has(int number) {
    return (last ? number + 1 : number) % every == 0;
  }

  /**
   * The share of a model's layers that run again.
   *
   * @param stages of its pipeline, virtual ones too
   */
  public double share(int layers, int stages) {
    long count = last ? layers / every : Rounding.ceilDivide(layers, every);
    long some = first.isPresent() ? (long) first.getAsInt() * stages : count;
    return Math.min(1, (double) some / layers);
  }
}
