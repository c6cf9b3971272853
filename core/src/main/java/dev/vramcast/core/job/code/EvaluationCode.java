package dev.vramcast.core.job.code;

/**
 * What a framework does when it evaluates.
 *
 * @param loop whose code runs the batches
 * @param keepsCache models return keys and values of all layers where nothing is checkpointed
 * @param ligerMakesLogits Liger's fused loss is for training alone, so that whole logits are made
 * @param logitsByPass logits for metrics come from a forward pass of their own, as the one that
 *     yields the loss has none
 */
public record EvaluationCode(
    Loop loop, boolean keepsCache, boolean ligerMakesLogits, boolean logitsByPass) {

  /** A loop over the batches of an evaluation. */
  public enum Loop {
    /** Nobody has described it. */
    UNKNOWN,
    /** {@code Trainer.evaluation_loop} of Transformers. */
    TRAINER
  }
}
