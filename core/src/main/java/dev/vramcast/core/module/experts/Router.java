package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.RouterScores;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.MixtureCode;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Scores experts and chooses for each token.
 *
 * @param merged the adapter's product is added to the router's weight, where the router is a bare
 *     parameter; null otherwise
 */
record Router(
    MixtureOfExperts mixture,
    StepSettings settings,
    Projection scores,
    @Nullable MergedAdapter merged) {

  private static final String SCORES = "router scores";

  /**
   * The choice.
   *
   * @param all scores of all experts, which the block holds until it returns
   * @param weights of the chosen experts
   * @param indices of the chosen experts
   */
  record Choice(Tensor all, Tensor weights, Tensor indices) {

    void release(Graph g) {
      g.release(all, weights);
      g.release(indices);
    }
  }

  /** Chooses; {@code returned} takes the scores of all experts, null for none. */
  Choice forward(Graph g, Tensor x, @Nullable RouterScores returned) {
    try (Scope scope = Scope.of(g)) {
      Tensor logits = scope.own(logits(g, x));
      if (returned != null && isBalanced()) {
        returned.record(logits, mixture.experts(), mixture.topK());
      }
      Choice choice =
          switch (mixture.scoring()) {
            case SOFTMAX -> softmaxFirst(g, logits);
            case SOFTMAX_OF_TOP_K -> topFirst(g, logits);
            case SIGMOID -> sigmoid(g, logits);
            case SIGMOID_MADE_WIDE -> widenedBySum(g, logits);
            case SIGMOID_MADE_NARROW -> narrowed(g, x, sigmoid(g, logits));
            case SIGMOID_OF_TOP_K -> sigmoidLast(g, logits);
            case SQRT_SOFTPLUS -> squareRoots(g, logits);
          };
      return choice;
    }
  }

  private boolean isBalanced() {
    return switch (mixture.balance()) {
      case NONE -> false;
      case UNWEIGHED -> settings.framework().is(LossCode.WEIGHS_BALANCE);
      case WEIGHED -> true;
    };
  }

  private Tensor logits(Graph g, Tensor x) {
    MixtureCode code = settings.code().mixture();
    if (code.fp32Router() && scores.base() instanceof DenseLinear plain) {
      boolean called = !code.bareRouter() && !code.routerLeavesAutocast();
      return called ? widened(g, x) : wide(g, x, plain.weight());
    }
    return merged == null || !settings.running().adapters()
        ? scores.forward(g, x)
        : merged.router(g, x, ((DenseLinear) scores.base()).weight().value());
  }

  /** {@code wg(x.float())} (transformers HunYuanMoEV1Gate), which is an {@code nn.Linear}. */
  private Tensor widened(Graph g, Tensor x) {
    Tensor input = Pointwise.cast(g, x, DataType.FP32, "router inputs in fp32");
    return g.rebind(input, scores.forward(g, input));
  }

  /**
   * {@code F.linear(x.type(float32), weight.type(float32))} (transformers DeepseekV3TopkRouter);
   * autocast brings both to 16 bits again.
   */
  private Tensor wide(Graph g, Tensor x, Parameter weight) {
    try (Scope scope = Scope.of(g, scores.scope())) {
      Tensor whole = scope.own(whole(g, scope, weight));
      Tensor input = Pointwise.cast(g, x, DataType.FP32, "router inputs in fp32");
      Tensor matrix = Pointwise.cast(g, whole, DataType.FP32, "router weight in fp32");
      boolean lowers = g.autocast() && !settings.code().mixture().routerLeavesAutocast();
      DataType dtype = lowers ? g.autocastDtype() : DataType.FP32;
      Tensor lowInput = scope.own(Pointwise.cast(g, input, dtype, "router inputs"));
      Tensor lowMatrix = scope.own(Pointwise.cast(g, matrix, dtype, "router weight"));
      g.release(input, matrix);
      return scope.result(
          Matrix.linear(
              g,
              lowInput,
              lowMatrix,
              null,
              settings.tokens(),
              mixture.experts(),
              "router scores",
              Category.ACTIVATIONS));
    }
  }

  private Tensor whole(Graph g, Scope scope, Parameter weight) {
    return merged == null || !settings.running().adapters()
        ? weight.value().hold()
        : merged.merged(
            g, weight.value(), scope.own(merged.delta(g, graph -> weight.value().hold())));
  }

  private Choice softmaxFirst(Graph g, Tensor logits) {
    MixtureCode code = settings.code().mixture();
    boolean widened = code.keepsWeightsOfSoftmax() && g.autocast();
    DataType dtype = code.ownRoutingSoftmax() && !widened ? logits.dtype() : DataType.FP32;
    Tensor wide = Pointwise.cast(g, logits, dtype, "router scores");
    Tensor probabilities =
        g.rebind(wide, Pointwise.savingResult(g, Aten.SOFTMAX, wide, "router scores"));
    Tensor[] top = Routing.topK(g, probabilities, settings.tokens() * mixture.topK());
    Tensor weights =
        mixture.normalised()
            ? g.rebind(top[0], Routing.normalise(g, top[0], settings.tokens()))
            : top[0];
    return new Choice(probabilities, narrow(g, weights, logits.dtype()), top[1]);
  }

  private Choice topFirst(Graph g, Tensor logits) {
    Tensor[] top = Routing.topK(g, logits, settings.tokens() * mixture.topK());
    Tensor weights =
        g.rebind(top[0], Pointwise.savingResult(g, Aten.SOFTMAX, top[0], "routing weights"));
    return new Choice(logits.hold(), weights, top[1]);
  }

  private Choice sigmoid(Graph g, Tensor logits) {
    Tensor wide =
        settings.code().mixture().fp32Sigmoid()
            ? Pointwise.cast(g, logits, DataType.FP32, "router scores")
            : logits.hold();
    Tensor scores = g.rebind(wide, Pointwise.savingResult(g, Aten.SIGMOID, wide, "router scores"));
    Tensor[] top = Routing.topK(g, scores, settings.tokens() * mixture.topK());
    Tensor weights = g.rebind(top[0], Routing.normalise(g, top[0], settings.tokens()));
    Tensor scaled = g.rebind(weights, Pointwise.scale(g, weights, "routing weights"));
    return new Choice(scores, scaled, top[1]);
  }

  /** transformers Lfm2MoeTopKRouter: {@code sum} is one of the operations that autocast widens. */
  private Choice widenedBySum(Graph g, Tensor logits) {
    Tensor scores = Pointwise.savingResult(g, Aten.SIGMOID, logits, "router scores");
    Tensor[] top = Routing.topK(g, scores, settings.tokens() * mixture.topK());
    Tensor sum = ShapeOps.sum(g, top[0], settings.tokens(), "routing weights");
    Tensor sums = g.rebind(sum, Pointwise.scale(g, sum, "routing weights"));
    Tensor weights = g.rebind(top[0], sums, Pointwise.div(g, top[0], sums, "routing weights"));
    Tensor scaled = g.rebind(weights, Pointwise.scale(g, weights, "routing weights"));
    return new Choice(scores, scaled, top[1]);
  }

  /** transformers LagunaTopKRouter: {@code routing_weights.to(hidden_states.dtype)}. */
  private static Choice narrowed(Graph g, Tensor x, Choice wide) {
    Tensor weights = Pointwise.cast(g, wide.weights(), x.dtype(), "routing weights");
    return new Choice(wide.all(), g.rebind(wide.weights(), weights), wide.indices());
  }

  /** transformers Kolibri1TopKRouter: scores are gathered by the choice, then made weights. */
  private Choice sigmoidLast(Graph g, Tensor logits) {
    long chosen = settings.tokens() * mixture.topK();
    Tensor corrected = Pointwise.scale(g, logits, "router scores");
    Tensor[] top = Routing.topK(g, corrected, chosen);
    g.release(corrected, top[0]);
    Tensor picked = Routing.picked(g, logits, top[1], chosen, "routing weights");
    Tensor weights =
        g.rebind(picked, Pointwise.savingResult(g, Aten.SIGMOID, picked, "routing weights"));
    return new Choice(logits.hold(), weights, top[1]);
  }

  /**
   * transformers DeepseekV4TopKRouter, and DeepseekV4HashRouter, whose experts stand in a table;
   * autocast runs softplus in fp32.
   */
  private Choice squareRoots(Graph g, Tensor logits) {
    long chosen = settings.tokens() * mixture.topK();
    Tensor wide = Pointwise.widened(g, logits, SCORES);
    Tensor softplus = g.rebind(wide, Pointwise.activation(g, Aten.SOFTPLUS, wide, SCORES));
    Tensor scores = g.rebind(softplus, Pointwise.savingResult(g, Aten.SQRT, softplus, SCORES));
    Tensor indices = mixture.tableRows() > 0 ? Routing.indices(g, chosen) : best(g, scores, chosen);
    Tensor picked = g.rebind(scores, Routing.picked(g, scores, indices, chosen, "routing weights"));
    Tensor sum = ShapeOps.sum(g, picked, settings.tokens(), "routing weights");
    Tensor sums = g.rebind(sum, Pointwise.scale(g, sum, "routing weights"));
    Tensor weights = g.rebind(picked, sums, Pointwise.div(g, picked, sums, "routing weights"));
    Tensor scaled = g.rebind(weights, Pointwise.scale(g, weights, "routing weights"));
    return new Choice(logits.hold(), scaled, indices);
  }

  /** The indices of the best scores with their bias. */
  private static Tensor best(Graph g, Tensor scores, long chosen) {
    Tensor corrected = Pointwise.scale(g, scores, SCORES);
    Tensor[] top = Routing.topK(g, corrected, chosen);
    g.release(corrected, top[0]);
    return top[1];
  }

  private Tensor narrow(Graph g, Tensor weights, DataType ofScores) {
    if (settings.code().mixture().dividesByNorm() && g.autocast()) {
      return g.rebind(weights, Pointwise.cast(g, weights, DataType.FP32, "routing weights"));
    }
    boolean ofSoftmax = settings.code().mixture().keepsWeightsOfSoftmax() && g.autocast();
    if (settings.code().mixture().keepsRoutingWeightsWide() || ofSoftmax) {
      return weights;
    }
    boolean asScores = settings.code().mixture().castsWeightsToScores();
    DataType dtype = asScores ? ofScores : settings.computeDtype();
    return g.rebind(weights, Pointwise.cast(g, weights, dtype, "routing weights"));
  }
}
