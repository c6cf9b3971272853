package dev.vramcast.core.autograd.op;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * Sinks that scale what was attended, in place of joining the softmax (transformers
 * granite_swa/modeling_granite_swa.py eager_attention_forward).
 */
public final class SinkOps {

  private static final Operation LOG_SUM =
      Operation.of("aten::logsumexp", "torch/csrc/autograd/FunctionsManual.cpp logsumexp_backward");

  private static final String FACTORS = "attention sinks";

  private SinkOps() {}

  /**
   * {@code (logsumexp(scores) - sinks).to(float32).sigmoid()}; autocast takes the sum in fp32.
   *
   * @param scores stay the caller's
   * @param sinks one a head
   * @param rows of scores
   */
  public static Tensor factors(Graph g, Tensor scores, Tensor sinks, long rows) {
    Tensor wide = Pointwise.widened(g, scores, "attention scores in fp32");
    Tensor sums = g.rebind(wide, logSum(g, wide, rows));
    Tensor shifted = g.rebind(sums, Pointwise.add(g, sums, sinks, FACTORS));
    Tensor cast = g.rebind(shifted, Pointwise.cast(g, shifted, DataType.FP32, FACTORS));
    return g.rebind(cast, Pointwise.savingResult(g, Aten.SIGMOID, cast, FACTORS));
  }

  /** {@code attn_output * sink_scale.to(attn_output.dtype)}; takes over the outputs. */
  public static Tensor scaled(Graph g, Tensor outputs, Tensor factors) {
    Tensor narrow = Pointwise.cast(g, factors, outputs.dtype(), FACTORS);
    return g.rebind(outputs, narrow, Pointwise.mul(g, outputs, narrow, "attention outputs"));
  }

  /** Saves its input and its result; the exponentials are made on the way. */
  private static Tensor logSum(Graph g, Tensor scores, long rows) {
    Node node = g.node(LOG_SUM, SinkOps::logSumBackward, scores);
    g.save(node, scores);
    try (Scope scope = Scope.of(g)) {
      scope.own(
          g.allocate("attention scores", Category.ACTIVATIONS, scores.elements(), scores.dtype()));
      Tensor result = g.output(FACTORS, Category.ACTIVATIONS, rows, scores.dtype(), node);
      g.save(node, result);
      return result;
    }
  }

  /** {@code grad * (self - result).exp()}. */
  private static void logSumBackward(Graph g, Node n) {
    try (Scope scope = Scope.of(g)) {
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
    }
  }
}
