package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.SharedInputs;

/**
 * A gated convolution over a few tokens (transformers lfm2/modeling_lfm2.py, Lfm2ShortConv
 * slow_forward; the kernel of causal_conv1d saves the same).
 */
record ShortConvolutionPart(
    RecurrentMixer mixer,
    StepSettings settings,
    Projection input,
    MixerParameters parameters,
    Projection output)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor projected = input.forward(g, x);
    long size = projected.elements() / 3;
    try (Scope scope = Scope.of(g)) {
      Tensor[] parts = scope.own(FusedOps.split(g, projected, size, size, size));
      Tensor product = scope.own(Pointwise.mul(g, parts[0], parts[2], "gated inputs"));
      Tensor lowered = Pointwise.lowered(g, product);
      Tensor weight = parameters.cast(g, "conv.weight").orElseThrow();
      Tensor bias = parameters.cast(g, "conv.bias").orElse(null);
      Tensor convolved =
          g.rebind(
              lowered,
              weight,
              ShapeOps.convolution(g, lowered, weight, bias, padded(size), "convolved"));
      if (bias != null) {
        g.release(bias);
      }
      Tensor cut = scope.own(ShapeOps.slice(g, convolved, size));
      Tensor gated = Pointwise.mul(g, parts[1], cut, "gated convolutions");
      Tensor byTokens = scope.own(g.rebind(gated, Pointwise.copy(g, gated, "gated convolutions")));
      return output.forward(g, byTokens);
    }
  }

  /** The convolution pads both ends. */
  private long padded(long elements) {
    long kernel = parameters.get("conv.weight").elements() / mixer.innerSize();
    return elements / settings.sequence() * (settings.sequence() + kernel - 1);
  }
}
