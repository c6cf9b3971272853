package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Rotations;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.units.DataType;

/**
 * OFT on one linear layer, as PEFT runs it since 0.16 (peft/tuners/oft/layer.py Linear.forward,
 * OFTRotationModule.forward): blocks of the input are multiplied by rotations, then the base runs.
 *
 * @param triangles upper triangles of skew-symmetric matrices, in / block by block (block - 1) / 2
 * @param block features that one rotation turns
 * @param base what PEFT's layer for this kind of base does besides
 */
public record RotationAdapter(Parameter triangles, long block, Wrapping base)
    implements CastingAdapter {

  /** Products of the Neumann series: its squared, cubed and fourth power. */
  private static final int POWERS = 3;

  /**
   * As near to {@code wanted} as divides the input features (peft/tuners/oft/layer.py
   * adjust_oft_parameters).
   */
  public static long blockSize(long features, long wanted) {
    if (wanted >= features) {
      return features;
    }
    long higher = wanted;
    while (features % higher != 0) {
      higher++;
    }
    long lower = wanted;
    while (features % lower != 0) {
      lower--;
    }
    return wanted - lower <= higher - wanted ? lower : higher;
  }

  @Override
  public Tensor forward(Graph g, Tensor x, BaseLinear linear) {
    if (base == Wrapping.DOUBLED) {
      // Its result is replaced, and goes when the second one is there.
      Tensor first = g.withoutGrad(() -> linear.forward(g, x));
      Tensor result = turned(g, x, linear);
      g.release(first);
      return result;
    }
    return turned(g, x, linear);
  }

  private Tensor turned(Graph g, Tensor x, BaseLinear linear) {
    boolean plain = base == Wrapping.PLAIN;
    boolean casts = plain || !g.autocast();
    Tensor input = casts ? Pointwise.cast(g, x, triangles.dtype(), "adapter inputs") : x.hold();
    Tensor rotated = g.rebind(input, rotate(g, input));
    Tensor back = Pointwise.cast(g, rotated, x.dtype(), "rotated inputs");
    if (!plain) {
      g.release(rotated);
      return g.rebind(back, linear.forward(g, back));
    }
    Tensor result = g.rebind(back, linear.forward(g, back));
    try (Scope scope = Scope.of(g)) {
      scope.own(rotated, result);
      return Pointwise.cast(g, result, x.dtype());
    }
  }

  private Tensor rotate(Graph g, Tensor x) {
    DataType dtype = triangles.dtype();
    try (Scope frame = Scope.of(g, triangles.module())) {
      Tensor cast = Pointwise.cast(g, x, dtype, "adapter inputs");
      Tensor rotations = frame.own(rotations(g));
      Tensor blocks = frame.own(ShapeOps.viewByHeads(g, cast));
      Tensor product = frame.own(product(g, blocks, rotations, "rotated inputs"));
      Tensor flat = frame.own(Pointwise.copy(g, product, "rotated inputs"));
      return frame.result(Pointwise.cast(g, flat, x.dtype(), "rotated inputs"));
    }
  }

  /** The Cayley transform by its Neumann series ({@code _cayley_batch}). */
  private Tensor rotations(Graph g) {
    long elements = triangles.elements() / (block - 1) * 2 * block;
    Tensor skew = Rotations.skew(g, triangles.value(), elements);
    Tensor sum = Rotations.identities(g, elements, block, triangles.dtype());
    sum = Rotations.add(g, sum, skew, true);
    Tensor power = skew.hold();
    for (int i = 1; i <= POWERS; i++) {
      power = g.rebind(power, product(g, power, skew, "rotations"));
      sum = Rotations.add(g, sum, power, i < POWERS);
    }
    g.release(skew, power);
    return sum;
  }

  /** {@code bmm}, whose operands autocast copies each time. */
  private static Tensor product(Graph g, Tensor a, Tensor b, String name) {
    try (Scope scope = Scope.of(g)) {
      Tensor left = scope.own(Pointwise.lowered(g, a));
      Tensor right = scope.own(Pointwise.lowered(g, b));
      return Matrix.product(g, left, right, a.elements(), name);
    }
  }
}
