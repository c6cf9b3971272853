package dev.vramcast.core.job.code;

import dev.vramcast.core.architecture.traits.LossTraits;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.units.Version;
import java.util.Optional;

/**
 * What a framework does between hidden states and the loss.
 *
 * @param chunks where the loss is chunked
 * @param outputs who makes the logits fp32 once the model has returned them
 * @param widensLogits the full loss makes an fp32 copy of the logits, where the model's code does
 * @param inLoop the loop computes the full loss from what the model returns
 * @param shiftsLogits that loop leaves out each sequence's last token, in a copy of the logits
 *     which it holds as long as them, and autocast makes that fp32 for the loss
 * @param compiles {@code torch.compile} takes the loss too
 * @param splitsVocabulary under tensor parallelism each rank computes the loss on its words alone;
 *     else the logits of all ranks are put together
 * @param parallel ranks compute it so by PyTorch's {@code loss_parallel}
 * @param copiesLogits cross-entropy in shares of the vocabulary has the logits in fp32 beside the
 *     tensor that becomes their softmax; else it makes that of them
 * @param compilesShares that cross-entropy is compiled: what it changes in place is made anew
 *     beside the old, in either pass
 * @param ligerReaches Liger patches the framework's models
 * @param fused the loss that a setting of the framework brings and that holds no whole logits; the
 *     full one where it has none
 * @param rewrites the framework puts its loss into the text of a model's forward pass, where that
 *     is written as in most models; else cross-entropy takes all logits
 * @param logsEntropy the trainer computes the entropy of the logits that a supervised model
 *     returned, for its log
 * @param smoothsApart where labels are smoothed, logits give the loss, and a pass without a graph
 *     over the chunks what is logged
 */
public record LossCode(
    LossChunks chunks,
    OutputDtype outputs,
    boolean widensLogits,
    boolean inLoop,
    boolean shiftsLogits,
    boolean compiles,
    boolean splitsVocabulary,
    boolean parallel,
    boolean copiesLogits,
    boolean compilesShares,
    boolean ligerReaches,
    LossKernel fused,
    boolean rewrites,
    boolean logsEntropy,
    boolean smoothsApart) {

  /** A loss without whole logits that this framework can be told to take. */
  public Optional<LossKernel> withoutLogits() {
    return Optional.of(fused).filter(loss -> loss != LossKernel.FULL);
  }

  /**
   * Whether a model's own loss stays, with all logits, where others get a loss that takes hidden
   * states: the framework finds nothing in the text of its forward pass to put that in for.
   */
  public boolean keepsOwn(LossTraits model, Version transformers) {
    return rewrites && model.unusual().contains(transformers);
  }
}
