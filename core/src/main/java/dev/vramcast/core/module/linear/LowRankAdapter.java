package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import org.jspecify.annotations.Nullable;

/**
 * LoRA on one linear layer, as PEFT runs it (peft/tuners/lora/layer.py Linear.forward, bnb.py
 * Linear4bit.forward).
 *
 * @param a weight of {@code lora_A}, rank by in
 * @param b weight of {@code lora_B}, out by rank
 * @param magnitude DoRA's vector, null for plain LoRA
 * @param holdsIdentity DoRA's identity matrix has a name in its forward pass, so that it lives
 *     until that returns, and the product that is made with it keeps its dtype
 * @param base what PEFT's layer for this kind of base does besides
 */
public record LowRankAdapter(
    Parameter a,
    Parameter b,
    @Nullable Parameter magnitude,
    Sizes sizes,
    double dropout,
    boolean holdsIdentity,
    Wrapping base)
    implements LinearAdapter {

  /** Features of the linear layer and of what stands between the factors. */
  public record Sizes(long in, long out, long rank) {}

  @Override
  public Tensor forward(Graph g, Tensor x, BaseLinear linear) {
    Tensor result = linear.forward(g, x);
    if (base == Wrapping.CLONING) {
      result = g.rebind(result, Pointwise.copy(g, result, "linear outputs"));
    }
    boolean spares = base != Wrapping.PLAIN;
    boolean castsInput = !spares || !g.autocast();
    Tensor input = castsInput ? castInput(g, x) : x.hold();
    Tensor sum =
        magnitude == null
            ? plain(g, input, result, castsInput && spares)
            : new DoraForward(this, magnitude).apply(g, input, result, linear);
    try (Scope scope = Scope.of(g)) {
      scope.own(sum, input, result);
      return Pointwise.cast(g, sum, result.dtype());
    }
  }

  /** peft/tuners/tuners_utils.py _cast_input_dtype. */
  private Tensor castInput(Graph g, Tensor x) {
    return Pointwise.cast(g, x, a.statedDtype(), "adapter inputs");
  }

  private Tensor plain(Graph g, Tensor input, Tensor result, boolean castsOutput) {
    Tensor dropped = dropped(g, input);
    Tensor down = g.rebind(dropped, down(g, dropped));
    Tensor up = g.rebind(down, up(g, down));
    Tensor scaled = g.rebind(up, Pointwise.scale(g, up, "adapter outputs"));
    if (castsOutput) {
      scaled = g.rebind(scaled, Pointwise.cast(g, scaled, result.dtype()));
    }
    return g.rebind(
        scaled,
        base == Wrapping.ADDING
            ? Pointwise.addInPlace(g, result.hold(), scaled)
            : Pointwise.add(g, result, scaled, "linear outputs"));
  }

  private Tensor dropped(Graph g, Tensor input) {
    return Pointwise.dropout(g, input, dropout, "adapter inputs after dropout");
  }

  Tensor down(Graph g, Tensor x) {
    try (Scope frame = Scope.of(g, a.module())) {
      return frame.result(a.result(g, product(g, x)));
    }
  }

  private Tensor product(Graph g, Tensor x) {
    return DenseLinear.multiply(
        g, x, a, null, sizes.in(), sizes.rank(), "adapter inner", Category.ACTIVATIONS);
  }

  Tensor up(Graph g, Tensor x) {
    try (Scope frame = Scope.of(g, b.module())) {
      return frame.result(
          b.result(
              g,
              DenseLinear.multiply(
                  g,
                  x,
                  b,
                  null,
                  sizes.rank(),
                  sizes.out(),
                  "adapter outputs",
                  Category.ACTIVATIONS)));
    }
  }
}
