package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.trace.ModuleScope;

/** Where the code of a norm is. */
final class NormScopes {

  private static final String WEIGHT = ".weight";

  private NormScopes() {}

  static ModuleScope of(ModuleScope parent, Norm norm) {
    String name = norm.name();
    String path = name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
    return norm.type() == Norm.Type.LAYER
        ? parent.library(path, "torch/nn/modules/normalization.py LayerNorm.forward")
        : parent.own(path, "RMSNorm.forward");
  }
}
