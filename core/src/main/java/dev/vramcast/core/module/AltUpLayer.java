package dev.vramcast.core.module;

import dev.vramcast.core.architecture.AltUp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Chain;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Scope;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A layer that works on one of several streams of hidden states, predicts all of them before and
 * corrects all of them after (transformers gemma3n/modeling_gemma3n.py Gemma3nTextAltUp,
 * Gemma3nTextLaurelBlock and Gemma3nTextDecoderLayer).
 *
 * @param laurel beside attention
 * @param streams of hidden states
 */
record AltUpLayer(
    Projection correction,
    Projection prediction,
    Projection router,
    Norms routerNorm,
    LowRankResidual laurel,
    Parameter outputScale,
    int streams) {

  private static final String NAME = "streams of hidden states";

  /** The residual of low rank (Gemma3nTextLaurelBlock). */
  record LowRankResidual(Projection left, Projection right, Norms norm) {

    Tensor forward(Graph g, Tensor x) {
      Tensor residual = Chain.of(g, left.forward(g, x)).then(low -> right.forward(g, low)).result();
      try (Scope scope = Scope.of(g)) {
        Tensor normalised = scope.own(normalised(g, residual, norm));
        return Pointwise.add(g, x, normalised, "low-rank residual");
      }
    }
  }

  static AltUpLayer load(ModuleFactory modules, AltUp model) {
    Projection correction = modules.projection(model.correction());
    Projection prediction = modules.projection(model.prediction());
    Projection router = modules.projection(model.router());
    Projection left = modules.projection(model.left());
    Projection right = modules.projection(model.right());
    Norms routerNorm = modules.norm(norm(model.routerNorm()));
    Norms laurelNorm = modules.norm(norm(model.laurelNorm()));
    return new AltUpLayer(
        correction,
        prediction,
        router,
        routerNorm,
        new LowRankResidual(left, right, laurelNorm),
        modules.layerParameter("other parameters", model.outputScale().count(), 1),
        model.streams());
  }

  private static Norm norm(ParameterTensor weight) {
    return new Norm(weight.module(), Norm.Type.RMS_WEIGHT_IN_FP32, weight.count(), true, false);
  }

  /** Runs the layer; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor all, SharedInputs shared, LayerModule layer) {
    Tensor predictions = predict(g, all);
    Tensor active = ShapeOps.slice(g, predictions.hold(), all.elements() / streams);
    Tensor activated = activated(g, active, shared, layer);
    Tensor corrected = correct(g, predictions, active, activated);
    g.release(active, activated);
    g.release(predictions);
    return Chain.of(g, ShapeOps.slice(g, corrected.hold(), all.elements() / streams))
        .then(view -> Pointwise.copy(g, view, NAME))
        .then(first -> Pointwise.mul(g, first, outputScale.value(), NAME))
        .then(
            scaled -> Objects.requireNonNull(layer.extras().perLayer()).forward(g, scaled, shared))
        .then(added -> ShapeOps.assign(g, corrected, added))
        .result();
  }

  private Tensor predict(Graph g, Tensor all) {
    Tensor modalities =
        Chain.of(g, ShapeOps.slice(g, all.hold(), all.elements() / streams))
            .then(active -> modalities(g, active))
            .result();
    Tensor coefficients = prediction.forward(g, modalities);
    Tensor product =
        Chain.of(
                g,
                Chain.of(g, Pointwise.copy(g, all, NAME))
                    .then(byFeature -> Pointwise.lowered(g, byFeature))
                    .result(),
                Pointwise.lowered(g, coefficients))
            .then((operand, lowered) -> Matrix.product(g, operand, lowered, all.elements(), NAME))
            .result();
    g.release(coefficients, modalities);
    return Chain.of(g, Pointwise.addInPlace(g, product, all))
        .then(sum -> Pointwise.copy(g, sum, NAME))
        .then(byStream -> Pointwise.cast(g, byStream, all.dtype(), NAME))
        .result();
  }

  private Tensor modalities(Graph g, Tensor x) {
    return Chain.of(g, routerNorm.forward(g, x))
        .then(normalised -> Pointwise.scale(g, normalised, NAME))
        .then(scaled -> router.forward(g, scaled))
        .then(routed -> Pointwise.cast(g, routed, DataType.FP32))
        .then(wide -> Pointwise.savingResult(g, Aten.TANH, wide, "modalities"))
        .then(tanh -> Pointwise.cast(g, tanh, x.dtype()))
        .result();
  }

  /** Attention and MLP on the active stream, with a low-rank residual beside attention. */
  private Tensor activated(Graph g, Tensor active, SharedInputs shared, LayerModule layer) {
    Tensor input = Objects.requireNonNull(layer.norms().beforeMixer()).forward(g, active);
    Tensor added = laurel.forward(g, input);
    Tensor attended = normalised(g, layer.mixed(g, input, shared), layer.norms().afterMixer());
    g.release(input);
    Tensor gated = Pointwise.add(g, active, attended, "hidden states");
    g.release(attended);
    Tensor both = Pointwise.add(g, gated, added, "hidden states");
    g.release(gated, added);
    try (Scope scope = Scope.of(g)) {
      Tensor middle = scope.own(Pointwise.scale(g, both, "hidden states"));
      g.release(both);
      Tensor transformed =
          scope.own(
              Chain.of(g, Objects.requireNonNull(layer.norms().beforeMlp()).forward(g, middle))
                  .then(
                      mlpInput ->
                          normalised(
                              g, layer.transformed(g, mlpInput, shared), layer.norms().afterMlp()))
                  .result());
      return Pointwise.add(g, middle, transformed, "hidden states");
    }
  }

  private static Tensor normalised(Graph g, Tensor x, @Nullable Norms norm) {
    Tensor result = Objects.requireNonNull(norm).forward(g, x);
    g.release(x);
    return result;
  }

  private Tensor correct(Graph g, Tensor predictions, Tensor active, Tensor activated) {
    Tensor modalities = modalities(g, activated);
    Tensor innovation =
        Chain.of(g, Pointwise.add(g, activated, active, NAME))
            .then(difference -> ShapeOps.resized(g, difference, predictions.elements(), NAME))
            .result();
    Tensor raw = correction.forward(g, modalities);
    Tensor coefficients = Pointwise.scale(g, raw, "modalities");
    g.release(raw, modalities);
    Tensor product = Pointwise.mul(g, innovation, coefficients, NAME);
    g.release(innovation, coefficients);
    return Pointwise.addInPlace(g, product, predictions);
  }
}
