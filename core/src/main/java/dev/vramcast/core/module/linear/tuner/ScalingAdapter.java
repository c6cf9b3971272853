package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.units.DataType;

/**
 * (IA)³ on one linear layer: a learned factor for each feature of its input or of its output
 * (peft/tuners/ia3/layer.py Linear.forward, bnb.py Linear4bit.forward).
 *
 * @param factors as many as there are features
 * @param ofInput those of the input are multiplied ({@code feedforward_modules})
 * @param base what PEFT's layer for this kind of base does besides
 */
public record ScalingAdapter(Parameter factors, boolean ofInput, Wrapping base)
    implements CastingAdapter {

  private static final String INPUTS = "scaled inputs";
  private static final String OUTPUTS = "linear outputs";

  @Override
  public Tensor forward(Graph g, Tensor x, BaseLinear linear) {
    try (Scope frame = Scope.of(g)) {
      // The product with the number that the loop over adapters begins with.
      Tensor scales = frame.own(Pointwise.scale(g, factors.value(), "adapter scales"));
      return base == Wrapping.PLAIN ? plain(g, x, scales, linear) : quantised(g, x, scales, linear);
    }
  }

  private Tensor plain(Graph g, Tensor x, Tensor scales, BaseLinear linear) {
    try (Scope frame = Scope.of(g)) {
      if (ofInput) {
        Tensor wide = frame.own(Pointwise.cast(g, x, factors.dtype(), "adapter inputs"));
        Tensor product = Pointwise.mul(g, wide, scales, INPUTS);
        Tensor scaled = frame.own(g.rebind(product, Pointwise.cast(g, product, x.dtype(), INPUTS)));
        return linear.forward(g, scaled);
      }
      Tensor result = linear.forward(g, x);
      DataType dtype = result.dtype();
      Tensor product = Pointwise.mul(g, result, scales, OUTPUTS);
      return g.rebind(result, product, Pointwise.cast(g, product, dtype, OUTPUTS));
    }
  }

  private Tensor quantised(Graph g, Tensor x, Tensor scales, BaseLinear linear) {
    boolean converts = !g.autocast();
    Tensor input = converts ? Pointwise.cast(g, x, DataType.FP32, "adapter inputs") : x.hold();
    Tensor result;
    DataType expected;
    if (ofInput) {
      Tensor product = Pointwise.mul(g, input, scales, INPUTS);
      result = g.rebind(product, linear.forward(g, product));
      expected = result.dtype();
    } else {
      Tensor plain = linear.forward(g, input);
      expected = plain.dtype();
      result = g.rebind(plain, Pointwise.mul(g, plain, scales, OUTPUTS));
    }
    result = g.rebind(result, Pointwise.copy(g, result, OUTPUTS));
    if (converts && x.dtype() != DataType.FP32) {
      result = g.rebind(result, Pointwise.cast(g, result, expected, OUTPUTS));
    }
    return g.rebind(input, result);
  }
}
