package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.Arrays;

/**
 * All experts as stacked parameters, of which each is multiplied with its rows on its own
 * (transformers granitemoe/modeling_granitemoe.py, GraniteMoeParallelExperts and GraniteMoeMoE,
 * before 5.13). Tokens are taken to be spread evenly.
 */
record SplitExperts(MixtureOfExperts mixture, StepSettings settings, Parameter up, Parameter down)
    implements Experts {

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    long pairs = settings.tokens() * mixture.topK();
    long hidden = mixture.hiddenSize();
    try (Scope scope = Scope.of(g)) {
      Tensor order = scope.own(Routing.indices(g, pairs));
      Tensor tokens = scope.own(Routing.indices(g, pairs));
      Tensor weights =
          scope.own(Routing.gather(g, choice.weights(), order, pairs, "routing weights"));
      Tensor rows = scope.own(Routing.gather(g, x, tokens, pairs * hidden, "expert inputs"));
      Tensor inner = multiply(g, rows, up, pairs * 2 * mixture.intermediateSize());
      Tensor[] parts =
          scope.own(FusedOps.split(g, inner.hold(), inner.elements() / 2, inner.elements() / 2));
      Tensor activated = Activations.apply(g, mixture.activation(), parts[0]);
      Tensor product = scope.own(Pointwise.mul(g, activated, parts[1], "gated products"));
      g.release(activated, inner);
      Tensor output = multiply(g, product, down, pairs * hidden);
      Tensor weighted =
          scope.own(g.rebind(output, Pointwise.mul(g, output, weights, "weighted expert outputs")));
      Tensor zeros =
          g.allocate(
              Aten.ZEROS, "expert sums", Category.ACTIVATIONS, x.elements(), weighted.dtype());
      return Routing.addedRows(g, zeros, weighted, tokens);
    }
  }

  private Tensor multiply(Graph g, Tensor rows, Parameter weight, long elements) {
    int experts = mixture.experts();
    long[] sizes = new long[experts];
    Arrays.fill(sizes, rows.elements() / experts);
    Tensor[] inputs = FusedOps.split(g, rows.hold(), sizes);
    Tensor[] outputs = new Tensor[experts];
    for (int i = 0; i < experts; i++) {
      outputs[i] = multiplyOne(g, inputs[i], weight, elements / experts);
    }
    Tensor result = ShapeOps.concatenate(g, "expert outputs", outputs);
    for (int i = 0; i < experts; i++) {
      g.release(inputs[i], outputs[i]);
    }
    return result;
  }

  private Tensor multiplyOne(Graph g, Tensor input, Parameter weight, long elements) {
    try (Scope scope = Scope.of(g)) {
      Tensor slice =
          scope.own(
              ShapeOps.slice(g, weight.value().hold(), weight.elements() / mixture.experts()));
      DataType dtype = g.autocast() ? g.autocastDtype() : weight.dtype();
      Tensor matrix = Pointwise.cast(g, slice, dtype, "autocast copies of weights");
      Tensor rows = Pointwise.cast(g, input, dtype, "inputs cast by autocast");
      return g.rebind(
          matrix,
          rows,
          Matrix.linear(
              g, rows, matrix, null, elements, 1, "expert outputs", Category.ACTIVATIONS));
    }
  }
}
