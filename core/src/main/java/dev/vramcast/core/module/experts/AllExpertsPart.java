package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.module.part.GatedMlpPart;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/**
 * Every expert run on every token, with scores of zero for those not chosen (transformers
 * llama4/modeling_llama4.py, Llama4TextMoe).
 *
 * @param up gate and up of all experts in one tensor
 * @param shared the MLP that every token visits
 */
record AllExpertsPart(
    MixtureOfExperts mixture,
    StepSettings settings,
    Projection router,
    ExpertStack up,
    ExpertStack down,
    GatedMlpPart shared)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs inputs) {
    long rows = settings.tokens() * mixture.experts();
    try (Scope scope = Scope.of(g)) {
      Tensor logits = scope.own(router.forward(g, x));
      Tensor scores = scope.own(scores(g, logits));
      Tensor repeated = ShapeOps.resized(g, x, rows * mixture.hiddenSize(), "expert inputs");
      Tensor column = Pointwise.copy(g, scores, "router scores");
      Tensor routed =
          scope.own(
              g.rebind(repeated, column, Pointwise.mul(g, repeated, column, "expert inputs")));
      Tensor routedOut = experts(g, routed, rows);
      Tensor result = shared.forward(g, x, inputs);
      // Its gradient is the sum's, which is expanded and has to be copied to be a view.
      Tensor outputs = scope.own(ShapeOps.viewByHeads(g, routedOut));
      Tensor sum = scope.own(ShapeOps.sum(g, outputs, x.elements(), "expert sums"));
      return Pointwise.addInPlace(g, result, sum);
    }
  }

  /** The chosen logits among minus infinities, then their sigmoid in fp32. */
  private Tensor scores(Graph g, Tensor logits) {
    Tensor[] top = Routing.topK(g, logits, settings.tokens() * mixture.topK());
    try (Scope scope = Scope.of(g)) {
      Tensor scattered =
          scope.own(
              g.rebind(top[0], top[1], Routing.scatter(g, top[0], top[1], logits.elements())));
      Tensor wide = Pointwise.cast(g, scattered, DataType.FP32, "router scores");
      Tensor sigmoid =
          scope.own(g.rebind(wide, Pointwise.savingResult(g, Aten.SIGMOID, wide, "router scores")));
      return Pointwise.cast(g, sigmoid, scattered.dtype(), "router scores");
    }
  }

  private Tensor experts(Graph g, Tensor routed, long rows) {
    try (Scope scope = Scope.of(g)) {
      Tensor upMatrix = scope.own(up.open(g));
      Tensor inner = product(g, routed, up, upMatrix, rows * 2 * mixture.intermediateSize());
      Tensor[] parts =
          scope.own(FusedOps.split(g, inner, inner.elements() / 2, inner.elements() / 2));
      Tensor activated = Activations.apply(g, mixture.activation(), parts[0]);
      Tensor gated = g.rebind(activated, Pointwise.mul(g, parts[1], activated, "gated products"));
      Tensor downMatrix = scope.own(down.open(g));
      return g.rebind(gated, product(g, gated, down, downMatrix, rows * mixture.hiddenSize()));
    }
  }

  private static Tensor product(
      Graph g, Tensor x, ExpertStack weight, Tensor opened, long elements) {
    DataType dtype = g.autocast() ? g.autocastDtype() : weight.dtype();
    Tensor input = Pointwise.cast(g, x, dtype, "inputs cast by autocast");
    Tensor matrix = weight.cast(g, opened, dtype);
    return g.rebind(
        input,
        matrix,
        Matrix.matmul(g, input, matrix, elements, 1, "expert outputs", Category.ACTIVATIONS));
  }
}
