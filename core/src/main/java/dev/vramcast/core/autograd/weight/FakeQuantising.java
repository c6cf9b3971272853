package dev.vramcast.core.autograd.weight;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.code.LayerCode.FakeQuantiser;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Fake quantisation (torchao/quantization/qat/fake_quantizer.py): a tensor is rounded to what few
 * bits can hold and stays in its dtype. Arguments stay the caller's.
 */
public final class FakeQuantising {

  private static final String PATH = "torchao/quantization/qat/utils.py ";

  private static final Operation MASKED = Operation.of("_GenericFakeQuantize", PATH);
  private static final Operation ROUND =
      Operation.of("_Round", "torchao/quantization/quant_primitives.py _Round");
  private static final Operation CLAMP = Operation.of("aten::clamp").backward("aten::where");

  private FakeQuantising() {}

  /**
   * A tensor of which groups of a row share a scale.
   *
   * @param scales of all groups
   */
  public static Tensor rounded(Graph g, Tensor x, long scales, FakeQuantiser how, String name) {
    return how == FakeQuantiser.TRACED ? traced(g, x, scales, name) : masked(g, x, name);
  }

  /** As many operations, each of which autograd sees; of clipping it keeps the argument. */
  private static Tensor traced(Graph g, Tensor x, long scales, String name) {
    try (Scope scope = Scope.of(g)) {
      Tensor scale =
          scope.own(g.allocate("quantisation scales", Category.ACTIVATIONS, scales, DataType.FP32));
      Tensor scaled = Pointwise.mulByWeight(g, x, scale, name);
      Tensor whole = g.rebind(scaled, passed(g, ROUND, scaled, name));
      Tensor shifted = g.rebind(whole, Pointwise.add(g, whole, scale, name));
      Tensor clipped = scope.own(g.rebind(shifted, clipped(g, shifted, name)));
      Tensor narrow = Pointwise.cast(g, clipped, x.dtype, name);
      Tensor centred = g.rebind(narrow, passed(g, Aten.SUB, narrow, name));
      Tensor product = g.rebind(centred, Pointwise.mulByWeight(g, centred, scale, name));
      return g.rebind(product, Pointwise.cast(g, product, x.dtype, name));
    }
  }

  /** An operation whose gradient is that of its result. */
  private static Tensor passed(Graph g, Operation operation, Tensor x, String name) {
    Node node = g.node(operation, (graph, n) -> n.outgoing[0] = n.gradient().hold(), x);
    return g.output(name, x.storage.category(), x.elements, x.dtype, node);
  }

  private static Tensor clipped(Graph g, Tensor x, String name) {
    Node node =
        g.node(
            CLAMP,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(scratch(graph, n.inputs[0].elements, DataType.BOOL));
                scope.own(scratch(graph, n.inputs[0].elements, DataType.BOOL));
                n.outgoing[0] = Pointwise.gradientLike(graph, n.inputs[0]);
              }
            },
            x);
    g.save(node, x);
    return g.output(name, x.storage.category(), x.elements, x.dtype, node);
  }

  /**
   * quant_primitives.py _do_fake_quantize_affine, whose steps autograd does not see; what it keeps
   * is a byte for each element, which says what was not clipped.
   */
  private static Tensor masked(Graph g, Tensor x, String name) {
    Node node = g.node(MASKED, Pointwise.LIKE_INPUT, x);
    try (Scope scope = Scope.of(g)) {
      scope.own(clipped(g, x.elements));
      Tensor result = dequantised(g, x, node, name);
      scope.own(scratch(g, x.elements, DataType.BOOL));
      scope.own(scratch(g, x.elements, DataType.BOOL));
      Tensor mask =
          scope.own(
              g.allocate("quantisation mask", Category.ACTIVATIONS, x.elements, DataType.BOOL));
      g.save(node, mask);
      return result;
    }
  }

  /** Scaled, rounded, shifted and clipped, one after the other in fp32. */
  private static Tensor clipped(Graph g, long elements) {
    Tensor last = scratch(g, elements, DataType.FP32);
    for (int i = 0; i < 3; i++) {
      last = g.rebind(last, scratch(g, elements, DataType.FP32));
    }
    return last;
  }

  /** In whole numbers, then the input's dtype, then times the scale in fp32. */
  private static Tensor dequantised(Graph g, Tensor x, @Nullable Node node, String name) {
    Tensor whole = scratch(g, x.elements, DataType.INT32);
    Tensor centred = g.rebind(whole, scratch(g, x.elements, DataType.INT32));
    Tensor cast = g.rebind(centred, scratch(g, x.elements, x.dtype));
    if (x.dtype == DataType.FP32) {
      return g.rebind(cast, g.output(name, Category.ACTIVATIONS, x.elements, x.dtype, node));
    }
    Tensor product = g.rebind(cast, scratch(g, x.elements, DataType.FP32));
    return g.rebind(product, g.output(name, Category.ACTIVATIONS, x.elements, x.dtype, node));
  }

  private static Tensor scratch(Graph g, long elements, DataType dtype) {
    return g.allocate("fake quantisation", Category.TEMPORARIES, elements, dtype);
  }
}
