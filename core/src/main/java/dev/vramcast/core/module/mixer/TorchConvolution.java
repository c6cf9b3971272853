package dev.vramcast.core.module.mixer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import org.jspecify.annotations.Nullable;

/**
 * {@code causal_conv1d_fn} in plain PyTorch with SiLU (transformers 5.18
 * granitemoehybrid/modeling_granitemoehybrid.py, and its likes), whose weight is a view that
 * autocast casts each time.
 *
 * @param channels that are convolved
 * @param sequence tokens of a text
 */
record TorchConvolution(MixerParameters parameters, long channels, long sequence) {

  private static final String CONVOLVED = "convolved";

  /** The argument stays the caller's. */
  Tensor forward(Graph g, Tensor x) {
    Tensor weight = parameters.get("conv1d.weight").value();
    Tensor bias = parameters.value("conv1d.bias");
    long kernel = weight.elements() / channels;
    long padded = x.elements() / sequence * (sequence + kernel - 1);
    Tensor input = Pointwise.cast(g, x, weight.dtype(), CONVOLVED);
    Tensor lowered = g.rebind(input, Pointwise.lowered(g, input));
    Tensor lowWeight = Matrix.castActivation(g, weight);
    @Nullable Tensor lowBias = bias == null ? null : Matrix.castActivation(g, bias);
    Tensor whole =
        g.rebind(
            lowered,
            lowWeight,
            ShapeOps.convolution(g, lowered, lowWeight, lowBias, padded, CONVOLVED));
    if (lowBias != null) {
      g.release(lowBias);
    }
    Tensor cut = ShapeOps.slice(g, whole, x.elements());
    Tensor activated = g.rebind(cut, Pointwise.activation(g, Aten.SILU, cut, CONVOLVED));
    return g.rebind(activated, Pointwise.cast(g, activated, x.dtype(), CONVOLVED));
  }
}
