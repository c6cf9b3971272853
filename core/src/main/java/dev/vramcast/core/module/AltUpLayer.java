package dev.vramcast.core.module;

import dev.vramcast.core.architecture.AltUp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
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
      Tensor low = left.forward(g, x);
      Tensor residual = g.rebind(low, right.forward(g, low));
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
    return new Norm(weight.module(), Norm.Type.RMS_BY_POWER, weight.count(), true, false);
  }

  /** Runs the layer; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor all, SharedInputs shared, LayerModule layer) {
    Tensor predictions = predict(g, all);
    Tensor active = ShapeOps.slice(g, predictions.hold(), all.elements() / streams);
    Tensor activated = activated(g, active, shared, layer);
    Tensor corrected =
        g.rebind(active, activated, predictions, correct(g, predictions, active, activated));
    Tensor view = ShapeOps.slice(g, corrected.hold(), all.elements() / streams);
    Tensor first = g.rebind(view, Pointwise.copy(g, view, NAME));
    Tensor scaled = g.rebind(first, scaled(g, first));
    Tensor added =
        g.rebind(
            scaled, Objects.requireNonNull(layer.extras().perLayer()).forward(g, scaled, shared));
    return g.rebind(added, ShapeOps.assign(g, corrected, added));
  }

  /** In the dtype of the scale, and cast back (Gemma3nTextAltUp.forward). */
  private Tensor scaled(Graph g, Tensor x) {
    Tensor scale = outputScale.value();
    Tensor operand = Pointwise.cast(g, x, scale.dtype(), NAME);
    Tensor product = g.rebind(operand, Pointwise.mul(g, operand, scale, NAME));
    return g.rebind(product, Pointwise.cast(g, product, x.dtype(), NAME));
  }

  private Tensor predict(Graph g, Tensor all) {
    Tensor active = ShapeOps.slice(g, all.hold(), all.elements() / streams);
    Tensor modalities = g.rebind(active, modalities(g, active));
    Tensor coefficients = prediction.forward(g, modalities);
    Tensor byFeature = Pointwise.copy(g, all, NAME);
    Tensor operand = g.rebind(byFeature, Pointwise.lowered(g, byFeature));
    Tensor lowered = Pointwise.lowered(g, coefficients);
    Tensor product =
        g.rebind(operand, lowered, Matrix.product(g, operand, lowered, all.elements(), NAME));
    g.release(coefficients, modalities);
    Tensor sum = Pointwise.addInPlace(g, product, all);
    Tensor byStream = g.rebind(sum, Pointwise.copy(g, sum, NAME));
    return g.rebind(byStream, Pointwise.cast(g, byStream, all.dtype(), NAME));
  }

  private Tensor modalities(Graph g, Tensor x) {
    Tensor normalised = routerNorm.forward(g, x);
    Tensor scaled = g.rebind(normalised, Pointwise.scale(g, normalised, NAME));
    Tensor routed = g.rebind(scaled, router.forward(g, scaled));
    Tensor wide = g.rebind(routed, Pointwise.cast(g, routed, DataType.FP32));
    Tensor tanh = g.rebind(wide, Pointwise.savingResult(g, Aten.TANH, wide, "modalities"));
    return g.rebind(tanh, Pointwise.cast(g, tanh, x.dtype()));
  }

  /** Attention and MLP on the active stream, with a low-rank residual beside attention. */
  private Tensor activated(Graph g, Tensor active, SharedInputs shared, LayerModule layer) {
    Tensor input = Objects.requireNonNull(layer.norms().beforeMixer()).forward(g, active);
    Tensor added = laurel.forward(g, input);
    Tensor attended =
        g.rebind(input, normalised(g, layer.mixed(g, input, shared), layer.norms().afterMixer()));
    Tensor gated = g.rebind(attended, Pointwise.add(g, active, attended, "hidden states"));
    Tensor both = g.rebind(gated, added, Pointwise.add(g, gated, added, "hidden states"));
    try (Scope scope = Scope.of(g)) {
      Tensor middle = scope.own(g.rebind(both, Pointwise.scale(g, both, "hidden states")));
      Tensor mlpInput = Objects.requireNonNull(layer.norms().beforeMlp()).forward(g, middle);
      Tensor transformed =
          scope.own(
              g.rebind(
                  mlpInput,
                  normalised(
                      g, layer.transformed(g, mlpInput, shared, scope), layer.norms().afterMlp())));
      return Pointwise.add(g, middle, transformed, "hidden states");
    }
  }

  private static Tensor normalised(Graph g, Tensor x, @Nullable Norms norm) {
    return g.rebind(x, Objects.requireNonNull(norm).forward(g, x));
  }

  private Tensor correct(Graph g, Tensor predictions, Tensor active, Tensor activated) {
    Tensor modalities = modalities(g, activated);
    Tensor difference = Pointwise.add(g, activated, active, NAME);
    Tensor innovation =
        g.rebind(difference, ShapeOps.resized(g, difference, predictions.elements(), NAME));
    Tensor raw = correction.forward(g, modalities);
    Tensor coefficients = Pointwise.scale(g, raw, "modalities");
    g.release(raw, modalities);
    Tensor product =
        g.rebind(innovation, coefficients, Pointwise.mul(g, innovation, coefficients, NAME));
    return Pointwise.addInPlace(g, product, predictions);
  }
}
