package dev.vramcast.core.job.code;

import dev.vramcast.core.job.objective.Stage;
import java.util.Set;

/**
 * What a framework's loop does about a model before and after a pass.
 *
 * @param outputs how long it holds them
 * @param keepsCache models return keys and values of all layers, also of those that run again
 * @param forbidsCache models are called with {@code use_cache=False}, which reaches language models
 *     inside of others too
 * @param differentiableInputs checkpointing makes the embedding's output require a gradient; else
 *     PEFT does where there are adapters
 * @param autocastsUnderFsdp autocast is entered beside FSDP's mixed precision
 * @param autocastsUnderFsdp2 and also where FSDP2 alone divides the model
 * @param widensTrained the model's own parameters that {@code freeze} trains are made fp32 under
 *     autocast
 * @param narrowsPrepared stages whose trainer prepares a quantised base itself, and then brings
 *     embedding and head, which that made fp32, back to bf16
 * @param fetchesStep all micro-batches of a step are on the GPU when it begins
 * @param trainsPairs batches may be texts that an encoder reads beside texts that a decoder writes;
 *     else all is one sequence
 */
public record LoopCode(
    KeptOutputs outputs,
    boolean keepsCache,
    boolean forbidsCache,
    boolean differentiableInputs,
    boolean autocastsUnderFsdp,
    boolean autocastsUnderFsdp2,
    boolean widensTrained,
    Set<Stage> narrowsPrepared,
    boolean fetchesStep,
    boolean trainsPairs) {
  /**
   * What it does when it evaluates.
   *
   * @param loop whose code runs the batches
   * @param keepsCache models return keys and values of all layers where nothing is checkpointed
   * @param ligerMakesLogits Liger's fused loss is for training alone, so that whole logits are made
   * @param wholeLoss the loss is that of whole logits, however training makes it
   * @param logitsByPass logits for metrics come from a forward pass of their own, as the one that
   *     yields the loss has none
   */
  public record Evaluation(
      EvaluationLoop loop,
      boolean keepsCache,
      boolean ligerMakesLogits,
      boolean wholeLoss,
      boolean logitsByPass) {}

  /** A loop over the batches of an evaluation. */
  public enum EvaluationLoop {
    /** Nobody has described it. */
    UNKNOWN,
    /** {@code Trainer.evaluation_loop} of Transformers. */
    TRAINER,
    /** The framework's own: passes of a step without a graph, of which the loss is kept. */
    OWN
  }
}
