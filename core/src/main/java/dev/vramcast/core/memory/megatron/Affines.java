package dev.vramcast.core.memory.megatron;

import dev.vramcast.core.architecture.Norm;
import dev.vramcast.core.memory.autograd.FusedLayers;
import dev.vramcast.core.memory.autograd.Tensor;

/** Gains and biases of norms. */
final class Affines {

  private Affines() {}

  static FusedLayers.Affine of(ParameterBuffers buffers, Norm norm) {
    Tensor gain = buffers.plain("norm weights", norm.size()).value();
    boolean centred = norm.type() == Norm.Type.LAYER;
    Tensor bias = centred ? buffers.plain("norm weights", norm.size()).value() : null;
    return new FusedLayers.Affine(gain, bias);
  }
}
