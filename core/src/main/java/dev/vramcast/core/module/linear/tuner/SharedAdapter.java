package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.weight.FrozenProducts;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.units.DataType;

/**
 * VeRA on one linear layer: products with parts of two frozen matrices that all layers share, each
 * scaled by a learned vector (peft/tuners/vera/layer.py Linear.forward, bnb.py Linear4bit.forward
 * until 0.19).
 *
 * @param inner {@code vera_lambda_d}, as many as the rank
 * @param outer {@code vera_lambda_b}, as many as output features
 * @param base what PEFT's layer for this kind of base does besides
 * @param unified there is one layer for all kinds of base (since 0.20)
 */
public record SharedAdapter(
    Parameter inner,
    Parameter outer,
    long in,
    long out,
    double dropout,
    Wrapping base,
    boolean unified)
    implements CastingAdapter {

  private static final String OUTPUTS = "linear outputs";

  @Override
  public Tensor forward(Graph g, Tensor x, BaseLinear linear) {
    Tensor result = linear.forward(g, x);
    DataType own = result.dtype();
    if (base == Wrapping.CLONING) {
      result = g.rebind(result, Pointwise.copy(g, result, OUTPUTS));
    }
    boolean old = base != Wrapping.PLAIN && !unified;
    try (Scope frame = Scope.of(g)) {
      Tensor input = frame.own(Pointwise.cast(g, x, inner.dtype(), "adapter inputs"));
      Tensor dropped =
          frame.own(Pointwise.dropout(g, input, dropout, "adapter inputs after dropout"));
      Tensor added = scaled(g, dropped);
      if (old && !g.autocast()) {
        added = g.rebind(added, Pointwise.cast(g, added, own, OUTPUTS));
      }
      result = g.rebind(result, added, Pointwise.add(g, result, added, OUTPUTS));
      if (old) {
        DataType returned = g.autocast() ? x.dtype() : input.dtype();
        return g.rebind(result, Pointwise.cast(g, result, returned, OUTPUTS));
      }
      result = unified ? g.rebind(result, Pointwise.cast(g, result, own, OUTPUTS)) : result;
      return g.rebind(result, Pointwise.cast(g, result, x.dtype(), OUTPUTS));
    }
  }

  private Tensor scaled(Graph g, Tensor x) {
    long rank = inner.elements();
    Tensor down = FrozenProducts.linear(g, x, in, rank, inner.dtype(), "adapter inner");
    Tensor middle = g.rebind(down, Pointwise.mulByWeight(g, inner.value(), down, "adapter inner"));
    Tensor up =
        g.rebind(
            middle, FrozenProducts.linear(g, middle, rank, out, inner.dtype(), "adapter outputs"));
    return g.rebind(up, Pointwise.mulByWeight(g, outer.value(), up, "adapter outputs"));
  }
}
