package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores of experts that a model returns beside its hidden states ({@code output_router_logits} of
 * transformers utils/output_capturing.py, which records what routers return).
 */
public final class RouterScores {

  private final List<OfLayer> held = new ArrayList<>();
  private boolean ended;

  /**
   * Those of one router.
   *
   * @param scores of all experts for each token
   * @param chosen experts of a token
   */
  public record OfLayer(Tensor scores, int experts, int chosen) {}

  /** A router has made them; they stay its own. A layer that runs again is recorded no more. */
  public void record(Tensor scores, int experts, int chosen) {
    if (!ended) {
      held.add(new OfLayer(scores.hold(), experts, chosen));
    }
  }

  /** What was recorded since the last call, which is the caller's from now on. */
  public List<OfLayer> take() {
    List<OfLayer> taken = List.copyOf(held);
    held.clear();
    return taken;
  }

  /** All layers have run. */
  public void end() {
    ended = true;
  }
}
