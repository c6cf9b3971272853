package dev.vramcast.core.run.episode;

import dev.vramcast.core.job.option.LossKernel;

/**
 * One model, run once over one batch.
 *
 * @param graph a backward pass follows; without, nothing is saved ({@code torch.no_grad()})
 * @param loss how the head's logits and the loss are computed
 */
public record Pass(ResidentModel model, boolean graph, PassBatch batch, LossKernel loss) {

  public Pass {
    if (graph && !model.trains()) {
      throw new IllegalArgumentException("the " + model.label() + " model is not trained");
    }
  }

  /** The same pass under {@code torch.no_grad()}. */
  public Pass withoutGraph() {
    return new Pass(model, false, batch, loss);
  }
}
