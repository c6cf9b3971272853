package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;

/** Gains and biases of norms. */
public final class NormWeights {

  private NormWeights() {}

  public static FusedLayers.Affine of(ParameterBuffers buffers, Norm norm) {
    Tensor gain = buffers.plain("norm weights", norm.size()).value();
    boolean centred = norm.type() == Norm.Type.LAYER;
    Tensor bias = centred ? buffers.plain("norm weights", norm.size()).value() : null;
    return new FusedLayers.Affine(gain, bias);
  }
}
