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
        DenseLinear.multiply(
            g, dropped, a, null, in, innerFeatures, "adapter inner", Category.ACTIVATIONS);
    g.release(dropped);
    Tensor up = convolve(g, down);
    g.release(down);
    Tensor padded = Routing.copyColumns(g, up, up.elements() / slicedFeatures * outFeatures);
    g.release(up);
    Tensor scaled = Pointwise.scale(g, padded, "adapter outputs");
    g.release(padded);
    Tensor sum = Pointwise.add(g, result, scaled, "linear outputs");
    g.release(scaled, result);
    return sum;
  }

  /** The second factor as a grouped convolution over the slices. */
  private Tensor convolve(Graph g, Tensor down) {
    Tensor weight = Matrix.castWeight(g, b, down.dtype());
    Tensor result =
        Matrix.product(
            g, down, weight, down.elements() / innerFeatures * slicedFeatures, "adapter outputs");
    g.release(weight);
    return result;
  }
}
