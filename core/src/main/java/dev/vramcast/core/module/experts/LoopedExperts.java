package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.GatedMlpPart;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Experts as modules of their own, run one after the other on the tokens that chose them
 * (transformers 4, MixtralSparseMoeBlock). Tokens are taken to be spread evenly.
 *
 * @param groups experts; where there are many, each entry stands for several run at once
 */
record LoopedExperts(MixtureOfExperts mixture, StepSettings settings, List<GatedMlpPart> groups)
    implements Experts {

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    if (settings.code().mixture().repeatsTokens()) {
      return repeated(g, x, choice);
    }
    long pairs = settings.tokens() * mixture.topK();
    boolean asWeights = settings.code().mixture().sumsInRoutingDtype();
    DataType dtype = asWeights ? choice.weights().dtype() : x.dtype();
    Tensor sum = g.allocate(Aten.ZEROS, "expert sums", Category.ACTIVATIONS, x.elements(), dtype);
    Tensor mask =
        g.allocate(
            Aten.EMPTY,
            "expert mask",
            Category.ACTIVATIONS,
            pairs * mixture.experts(),
            DataType.INT64);
    long rows = Math.max(1, pairs / groups.size());
    for (GatedMlpPart expert : groups) {
      sum = add(g, x, choice, sum, rows, expert);
    }
    g.release(mask);
    return g.rebind(sum, Pointwise.cast(g, sum, x.dtype(), "expert sums"));
  }

  /**
   * Each expert fills its places among what all experts give to all tokens.
   *
   * @param rows each token as often as it has experts
   */
  private Tensor repeated(Graph g, Tensor rows, Router.Choice choice) {
    Tensor made =
        g.allocate(
            Aten.EMPTY, "expert outputs", Category.ACTIVATIONS, rows.elements(), rows.dtype());
    for (GatedMlpPart expert : groups) {
      made = fill(g, rows, made, expert);
    }
    Tensor weighted = Pointwise.mul(g, made, choice.weights(), "weighted expert outputs");
    long elements = rows.elements() / mixture.topK();
    Tensor sum = g.rebind(made, weighted, ShapeOps.sum(g, weighted, elements, "expert sums"));
    // What DeepSeek-MoE's own code makes of fp32 weights stays so wide.
    return settings.code().mixture().keepsWeightsOfSoftmax()
        ? sum
        : g.rebind(sum, Pointwise.cast(g, sum, rows.dtype(), "expert sums"));
  }

  private Tensor fill(Graph g, Tensor inputs, Tensor made, GatedMlpPart expert) {
    long rows = Math.max(1, inputs.elements() / groups.size());
    try (Scope scope = Scope.of(g)) {
      Tensor chosen = scope.own(mask(g));
      Tensor input = scope.own(Routing.gather(g, inputs, chosen, rows, "expert inputs"));
      Tensor output = scope.own(expert.forward(g, input));
      return Routing.placed(g, made, output, scope.own(mask(g)));
    }
  }

  /** Which choices are an expert; of all experts that the group stands for. */
  private Tensor mask(Graph g) {
    long choices = settings.tokens() * mixture.topK();
    return g.allocate(
        "expert mask",
        Category.ACTIVATIONS,
        choices * mixture.experts() / groups.size(),
        DataType.BOOL);
  }

  private Tensor add(
      Graph g, Tensor x, Router.Choice choice, Tensor sum, long rows, GatedMlpPart expert) {
    try (Scope scope = Scope.of(g)) {
      Tensor position = scope.own(Routing.indices(g, rows));
      Tensor token = scope.own(Routing.indices(g, rows));
      Tensor input =
          scope.own(Routing.gather(g, x, token, rows * mixture.hiddenSize(), "expert inputs"));
      Tensor output = expert.forward(g, input);
      Tensor weights = Routing.gather(g, choice.weights(), position, rows, "routing weights");
      return Routing.addWeighted(g, sum, output, weights, token);
    }
  }
}
