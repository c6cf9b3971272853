package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.Activation;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All experts as stacked parameters, of which each is taken out and run on the tokens that chose it
 * (transformers 4, gpt_oss/modeling_gpt_oss.py GptOssExperts in training; dbrx/modeling_dbrx.py
 * DbrxExperts). Tokens are taken to be spread evenly.
 *
 * @param up gate and up together, or one of each
 * @param upBias null without biases; then {@code downBias} is null too
 */
record SlicedExperts(
    MixtureOfExperts mixture,
    StepSettings settings,
    List<Parameter> up,
    Parameter down,
    @Nullable Parameter upBias,
    @Nullable Parameter downBias)
    implements Experts {

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    long pairs = settings.tokens() * mixture.topK();
    try (Scope scope = Scope.of(g)) {
      Tensor scores = scope.own(scores(g, choice));
      scope.own(
          g.allocate(
              Aten.EMPTY,
              "expert mask",
              Category.ACTIVATIONS,
              pairs * (mixture.experts() + 1),
              DataType.INT64));
      Tensor[][] chunks = settings.code().mixture().chunksExperts() ? chunks(g) : null;
      Tensor sum =
          g.allocate(Aten.ZEROS, "expert sums", Category.ACTIVATIONS, x.elements(), x.dtype());
      long rows = Math.max(1, pairs / mixture.experts());
      for (int i = 0; i < mixture.experts(); i++) {
        Tensor[] weights = chunks == null ? slices(g) : chunks[i];
        sum = add(g, x, scores, sum, rows, weights);
      }
      return sum;
    }
  }

  /** gpt-oss' router scatters the weights over all experts. */
  private Tensor scores(Graph g, Router.Choice choice) {
    return mixture.scoring() == MixtureOfExperts.Scoring.SOFTMAX_OF_TOP_K
        ? Routing.scatter(
            g, choice.weights(), choice.indices(), settings.tokens() * mixture.experts())
        : choice.weights().hold();
  }

  private List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(up);
    all.add(down);
    return all;
  }

  /** One expert's part of each parameter; each has a gradient as large as the parameter. */
  private Tensor[] slices(Graph g) {
    return parameters().stream()
        .map(each -> ShapeOps.slice(g, whole(g, each), each.elements() / mixture.experts()))
        .toArray(Tensor[]::new);
  }

  private Tensor whole(Graph g, Parameter parameter) {
    Tensor value = parameter.view(g);
    return settings.code().mixture().viewsExperts() ? ShapeOps.reshaped(g, value) : value;
  }

  /** Each expert's part of each parameter; what comes back is put together at the end. */
  private Tensor[][] chunks(Graph g) {
    int experts = mixture.experts();
    List<Parameter> all = parameters();
    Tensor[][] chunks = new Tensor[experts][all.size()];
    for (int i = 0; i < all.size(); i++) {
      Parameter each = all.get(i);
      long[] sizes = new long[experts];
      Arrays.fill(sizes, each.elements() / experts);
      Tensor[] parts = FusedOps.split(g, each.view(g), sizes);
      for (int expert = 0; expert < experts; expert++) {
        chunks[expert][i] = parts[expert];
      }
    }
    return chunks;
  }

  /** Takes over the expert's weights. */
  private Tensor add(Graph g, Tensor x, Tensor scores, Tensor sum, long rows, Tensor[] weights) {
    try (Scope scope = Scope.of(g)) {
      scope.own(weights);
      Tensor tokens = scope.own(Routing.indices(g, rows));
      Tensor input =
          scope.own(Routing.gather(g, x, tokens, rows * mixture.hiddenSize(), "expert inputs"));
      Tensor activated = inner(g, input, weights, rows);
      Tensor output =
          g.rebind(activated, multiply(g, activated, weights[weights.length - 1], downBias, rows));
      Tensor chosen = Routing.gather(g, scores, tokens, rows, "routing weights");
      return Routing.addWeighted(g, sum, output, chosen, tokens);
    }
  }

  private Tensor inner(Graph g, Tensor input, Tensor[] weights, long rows) {
    if (up.size() == 1) {
      return activate(g, multiply(g, input, weights[0], upBias, rows));
    }
    Tensor gate = multiply(g, input, weights[0], upBias, rows);
    Tensor other = multiply(g, input, weights[1], upBias, rows);
    Tensor activated = g.rebind(gate, Activations.apply(g, mixture.activation(), gate));
    return g.rebind(activated, other, Pointwise.mul(g, activated, other, "gated products"));
  }

  private Tensor multiply(Graph g, Tensor x, Tensor weight, @Nullable Parameter bias, long rows) {
    DataType dtype = g.autocast() ? g.autocastDtype() : weight.dtype();
    Tensor matrix = Pointwise.cast(g, weight, dtype, "autocast copies of weights");
    Tensor input = Pointwise.cast(g, x, dtype, "inputs cast by autocast");
    long columns = weight.elements() / (x.elements() / rows);
    Tensor product =
        Matrix.matmul(g, input, matrix, rows, columns, "expert outputs", Category.ACTIVATIONS);
    g.release(input, matrix);
    if (bias == null) {
      return product;
    }
    Tensor offset = ShapeOps.slice(g, bias.value().hold(), columns);
    return g.rebind(product, offset, Pointwise.add(g, product, offset, "expert outputs"));
  }

  /** Gate and up, halves or every second feature each; takes over the argument. */
  private Tensor activate(Graph g, Tensor inner) {
    if (mixture.activation() == Activation.SILU_CLAMPED) {
      long half = inner.elements() / 2;
      Tensor[] parts = FusedOps.split(g, inner, half, half);
      return Activations.siluClamped(g, parts[0], parts[1]);
    }
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
