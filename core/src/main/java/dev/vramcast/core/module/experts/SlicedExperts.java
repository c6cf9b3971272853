package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * All experts as stacked parameters, of which each is taken out and run on the tokens that chose it
 * (transformers 4, gpt_oss/modeling_gpt_oss.py GptOssExperts in training). Tokens are taken to be
 * spread evenly.
 *
 * @param upBias null without biases; then {@code downBias} is null too
 */
record SlicedExperts(
    MixtureOfExperts mixture,
    StepSettings settings,
    Parameter up,
    Parameter down,
    @Nullable Parameter upBias,
    @Nullable Parameter downBias)
    implements Experts {

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    long pairs = settings.tokens() * mixture.topK();
    try (Scope scope = Scope.of(g)) {
      Tensor scores =
          scope.own(
              Routing.scatter(
                  g, choice.weights(), choice.indices(), settings.tokens() * mixture.experts()));
      scope.own(
          g.allocate(
              Aten.EMPTY,
              "expert mask",
              Category.ACTIVATIONS,
              pairs * (mixture.experts() + 1),
              DataType.INT64));
      Tensor sum =
          g.allocate(Aten.ZEROS, "expert sums", Category.ACTIVATIONS, x.elements(), x.dtype());
      long rows = Math.max(1, pairs / mixture.experts());
      for (int i = 0; i < mixture.experts(); i++) {
        sum = add(g, x, scores, sum, rows);
      }
      return sum;
    }
  }

  private Tensor add(Graph g, Tensor x, Tensor scores, Tensor sum, long rows) {
    try (Scope scope = Scope.of(g)) {
      Tensor tokens = scope.own(Routing.indices(g, rows));
      Tensor input =
          scope.own(Routing.gather(g, x, tokens, rows * mixture.hiddenSize(), "expert inputs"));
      Tensor inner = multiply(g, input, up, upBias, rows);
      Tensor activated = activate(g, inner);
      Tensor output = g.rebind(activated, multiply(g, activated, down, downBias, rows));
      Tensor weights = Routing.gather(g, scores, tokens, rows, "routing weights");
      return Routing.addWeighted(g, sum, output, weights, tokens);
    }
  }

  private Tensor multiply(
      Graph g, Tensor x, Parameter weight, @Nullable Parameter bias, long rows) {
    DataType dtype = g.autocast() ? g.autocastDtype() : weight.dtype();
    Tensor slice = ShapeOps.slice(g, weight.value().hold(), weight.elements() / mixture.experts());
    Tensor matrix = Pointwise.cast(g, slice, dtype, "autocast copies of weights");
    Tensor input = Pointwise.cast(g, x, dtype, "inputs cast by autocast");
    long columns = weight.elements() / mixture.experts() / (x.elements() / rows);
    Tensor product =
        Matrix.linear(
            g, input, matrix, null, rows, columns, "expert outputs", Category.ACTIVATIONS);
    g.release(input, matrix);
    g.release(slice);
    if (bias == null) {
      return product;
    }
    Tensor offset = ShapeOps.slice(g, bias.value().hold(), columns);
    return g.rebind(product, offset, Pointwise.add(g, product, offset, "expert outputs"));
  }

  /** Gate and up, every second feature each; takes over the argument. */
  private Tensor activate(Graph g, Tensor inner) {
    Tensor gate = ShapeOps.slice(g, inner.hold(), inner.elements() / 2);
    Tensor up = ShapeOps.slice(g, inner, inner.elements() / 2);
    if (mixture.activation() == Activation.CLAMPED_SWIGLU) {
      return Activations.clampedSwiglu(g, gate, up);
    }
    Tensor activated = Activations.apply(g, mixture.activation(), gate);
    try (Scope scope = Scope.of(g)) {
      scope.own(gate, up);
      return g.rebind(activated, Pointwise.mul(g, activated, up, "gated products"));
    }
  }
}
