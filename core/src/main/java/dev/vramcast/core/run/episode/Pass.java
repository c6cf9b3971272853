package dev.vramcast.core.run.episode;

import dev.vramcast.core.job.option.LossKernel;

/**
 * One model, run once over one batch.
 *
 * @param graph a backward pass follows; without, nothing is saved ({@code torch.no_grad()})
 * @param adapters whether the model's adapters take part
 */
public record Pass(
    ResidentModel model, boolean graph, PassBatch batch, PassHead head, boolean adapters) {

  public Pass {
    if (graph && !model.trains()) {
      throw new IllegalArgumentException("the " + model.label() + " model is not trained");
    }
    if (graph && !adapters) {
      throw new IllegalArgumentException("adapters that are off are not trained");
    }
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
    return new Pass(model, graph, batch, other, adapters);
  }

  /** The same pass under {@code torch.no_grad()}. */
  public Pass withoutGraph() {
    return new Pass(model, false, batch, head, adapters);
  }

  /** The same pass of another model, under {@code torch.no_grad()}. */
  public Pass withoutGraph(ResidentModel other) {
    return new Pass(other, false, batch, head, adapters);
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

  /** The same pass with adapters off, under {@code torch.no_grad()}. */
  public Pass withoutAdapters() {
    return new Pass(model, false, batch, head, false);
  }
}
