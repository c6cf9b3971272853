package dev.vramcast.core.run.episode;

import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LossKernel;
import java.util.Optional;

/**
 * One model, run once over one batch.
 *
 * @param graph a backward pass follows; without, nothing is saved ({@code torch.no_grad()})
 * @param adapters whether the model's adapters take part
 * @param attending how the trainer has it attend; empty where that is as the job says
 */
public record Pass(
    ResidentModel model,
    boolean graph,
    PassBatch batch,
    PassHead head,
    boolean adapters,
    Optional<Attending> attending) {

  /**
   * Attention that a trainer chooses for a pass.
   *
   * @param masks it hands the model a mask of all pairs of tokens, which is added to scores
   */
  public record Attending(AttentionKernel kernel, boolean masks) {}

  public Pass {
    if (graph && !model.trains()) {
      throw new IllegalArgumentException("the " + model.label() + " model is not trained");
    }
    if (graph && !adapters) {
      throw new IllegalArgumentException("adapters that are off are not trained");
    }
  }

  /** A pass that attends as the job says. */
  public Pass(
      ResidentModel model, boolean graph, PassBatch batch, PassHead head, boolean adapters) {
    this(model, graph, batch, head, adapters, Optional.empty());
  }

  /** A pass with adapters, where the model has any. */
  public Pass(ResidentModel model, boolean graph, PassBatch batch, PassHead head) {
    this(model, graph, batch, head, true);
  }

  /** A pass to the loss of next tokens. */
  public Pass(ResidentModel model, boolean graph, PassBatch batch, LossKernel loss) {
    this(model, graph, batch, new PassHead.Loss(loss));
  }

  /** The same pass with another head. */
  public Pass with(PassHead other) {
    return new Pass(model, graph, batch, other, adapters, attending);
  }

  /** The same pass with attention of the trainer's choice. */
  public Pass with(Attending chosen) {
    return new Pass(model, graph, batch, head, adapters, Optional.of(chosen));
  }

  /** The same pass under {@code torch.no_grad()}. */
  public Pass withoutGraph() {
    return new Pass(model, false, batch, head, adapters, attending);
  }

  /** The same pass of another model, under {@code torch.no_grad()}. */
  public Pass withoutGraph(ResidentModel other) {
    return new Pass(other, false, batch, head, adapters, attending);
  }

  /** Numbers that are kept of it where it only scores: one of a token, none of features. */
  public long scores() {
    if (head instanceof PassHead.LogProbabilities asked) {
      return asked.labels();
    }
    return returnsStates() ? 0 : batch.tokens();
  }

  /** Whether the model returns the hidden states of all layers. */
  public boolean returnsStates() {
    return head instanceof PassHead.Features;
  }

  /**
   * Whether the model returns what its layers were given, which is named as long as its logits
   * ({@code output_hidden_states} of trl/experimental/utils.py forward).
   */
  public boolean returnsInputs() {
    return graph
        && head instanceof PassHead.LogProbabilities asked
        && asked.details().contains(PassHead.Detail.COMPLETIONS);
  }

  /** The same pass with adapters off, under {@code torch.no_grad()}. */
  public Pass withoutAdapters() {
    return new Pass(model, false, batch, head, false, attending);
  }
}
