package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;

/** An adapter on one linear layer. */
public interface LinearAdapter {

  /** The layer's result with the adapter; {@code x} stays the caller's. */
  Tensor forward(Graph g, Tensor x, BaseLinear linear);

  /** The same while adapters are switched off, which is the base's result. */
  default Tensor off(Graph g, Tensor x, BaseLinear linear) {
    return linear.forward(g, x);
  }

  /** The layer that PEFT puts around a kind of base (peft/tuners/lora/layer.py, bnb.py, awq.py). */
  enum Wrapping {
    /** The input is cast to the adapter's dtype (Linear, GPTQLoraLinear). */
    PLAIN,
    /** Autocast spares that cast, and without it the adapter's result is cast back. */
    SPARING,
    /** As {@link #SPARING}, and LoRA clones the base's result (Linear4bit). */
    CLONING,
    /** As {@link #SPARING}, and LoRA adds to the base's result in its place (aqlm.py). */
    ADDING,
    /** As {@link #SPARING}, and a rotation's base runs once before it too (oft/gptq.py). */
    DOUBLED
  }
}
