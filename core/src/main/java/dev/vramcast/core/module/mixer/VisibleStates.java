package dev.vramcast.core.module.mixer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;

/** States without those of padding (transformers {@code apply_mask_to_padding_states}). */
final class VisibleStates {

  private VisibleStates() {}

  /** The product with the mask, where there is padding; takes over the argument. */
  static Tensor of(Graph g, StepSettings settings, Tensor x) {
    return settings.hidesPadding() ? g.rebind(x, Pointwise.scale(g, x, "visible states")) : x;
  }
}
