package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.trace.Category;

/**
 * LitGPT's adapter on slices of the fused query-key-value projection (litgpt/lora.py
 * LoRAQKVLinear): one product for all slices, copied into zeros as wide as the projection.
 *
 * @param a factors on the side of the input, one above the other
 * @param b factors on the side of the output
 * @param innerFeatures rank times number of slices
 * @param slicedFeatures output features of the adapted slices
 * @param outFeatures output features of the whole projection
 */
public record SlicedAdapter(
    Parameter a,
    Parameter b,
    long in,
    long innerFeatures,
    long slicedFeatures,
    long outFeatures,
    double dropout) {

  Tensor forward(Graph g, Tensor x, BaseLinear base) {
    Tensor result = base.forward(g, x);
    Tensor dropped = Pointwise.dropout(g, x, dropout, "adapter inputs after dropout");
    Tensor down =
        g.rebind(
            dropped,
            DenseLinear.multiply(
                g, dropped, a, null, in, innerFeatures, "adapter inner", Category.ACTIVATIONS));
    Tensor up = g.rebind(down, convolve(g, down));
    Tensor padded =
        g.rebind(up, Routing.copyColumns(g, up, up.elements() / slicedFeatures * outFeatures));
    Tensor scaled = g.rebind(padded, Pointwise.scale(g, padded, "adapter outputs"));
    return g.rebind(result, scaled, Pointwise.add(g, result, scaled, "linear outputs"));
  }

  /** The second factor as a grouped convolution over the slices. */
  private Tensor convolve(Graph g, Tensor down) {
    Tensor weight = Matrix.castWeight(g, b, down.dtype());
    return g.rebind(
        weight,
        Matrix.product(
            g, down, weight, down.elements() / innerFeatures * slicedFeatures, "adapter outputs"));
  }
}
