package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.module.linear.LinearAdapter;

/**
 * An adapter whose layer casts what it gives to the dtype of its input, switched off too (forward
 * in peft/tuners/loha, lokr, vera, miss, ia3 and oft, previous_dtype; not in that of LoRA).
 */
interface CastingAdapter extends LinearAdapter {

  @Override
  default Tensor off(Graph g, Tensor x, BaseLinear linear) {
    Tensor result = linear.forward(g, x);
    return g.rebind(result, Pointwise.cast(g, result, x.dtype(), "linear outputs"));
  }
}
