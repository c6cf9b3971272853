package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * megatron/core/transformer/moe: the router, MoEAlltoAllTokenDispatcher, TEGroupedMLP and
 * SharedExpertMLP. Nothing is dropped; results are weighted inside the experts.
 *
 * @param shared null for none, as {@code sharedGate}
 */
record Mixture(
    Rows rows,
    Dispatch dispatch,
    Affine before,
    Tensor router,
    Product routerShape,
    @Nullable FusedMlp shared,
    @Nullable Tensor sharedGate,
    Experts experts)
    implements Part {

  /** A product of all of this rank's experts, with the adapters beside it, null for none. */
  record Grouped(Tensor weight, Product shape, @Nullable Adapter adapter) {

    static Grouped of(
        LayerLoader loader, int experts, Product shape, MixtureOfExperts whole, String... names) {
      Tensor weight = loader.buffers().experts(experts, shape.in(), shape.out()).value();
      List<Linear> parts =
          Stream.of(names)
              .distinct()
              .map(
                  name ->
                      new Linear(
                          whole.names().block() + "." + name, shape.in(), shape.out(), false))
              .toList();
      return new Grouped(
          weight,
          shape,
          loader.expertAdapter(
              experts, shape.rows(), parts, new Adapters.Shape(shape.in(), shape.out())));
    }

    /** The result with what the adapters add; {@code x} stays the caller's. */
    Tensor forward(Graph g, Tensor x, Tensor result) {
      return adapter == null ? result : adapter.add(g, x, result);
    }
  }

  /** All matrices of this rank's experts. */
  record Experts(boolean gated, Grouped up, Grouped down) {

    static Experts of(LayerLoader loader, MixtureOfExperts whole, long tokens) {
      Division division = loader.division();
      int count = whole.experts() / division.experts().degree();
      long inner = whole.intermediateSize() / division.experts().tensor();
      long out = whole.gated() ? 2 * inner : inner;
      long hidden = whole.hiddenSize();
      return new Experts(
          whole.gated(),
          Grouped.of(
              loader,
              count,
              new Product(tokens, hidden, out, 1),
              whole,
              whole.names().gate(),
              whole.names().up()),
          Grouped.of(
              loader, count, new Product(tokens, inner, hidden, 1), whole, whole.names().down()));
    }

    Tensor forward(Graph g, Tensor tokens, Tensor weights) {
      try (Scope scope = Scope.of(g)) {
        Tensor wide =
            scope.own(
                up.forward(g, tokens, FusedLayers.column(g, tokens, up.weight(), up.shape())));
        Tensor activated =
            scope.own(
                gated
                    ? FusedLayers.gated(g, wide, weights)
                    : Pointwise.activation(g, Aten.GELU, wide, "activation outputs"));
        return down.forward(
            g, activated, FusedLayers.row(g, activated, down.weight(), down.shape()));
      }
    }
  }

  static Mixture of(LayerLoader loader, MixtureOfExperts whole, Norm before) {
    Rows rows = loader.rows();
    ParameterBuffers buffers = loader.buffers();
    Dispatch dispatch = Dispatch.of(rows, loader.division(), whole, loader.imbalance());
    long hidden = whole.hiddenSize();
    Affine affine = buffers.norm(before);
    Tensor router = buffers.plain("router weights", whole.experts() * hidden).value();
    FusedMlp shared = whole.shared().map(mlp -> FusedMlp.shared(loader, mlp)).orElse(null);
    Tensor gate =
        whole.sharedGate().map(g -> buffers.plain("router weights", hidden).value()).orElse(null);
    return new Mixture(
        rows,
        dispatch,
        affine,
        router,
        new Product(rows.share(), hidden, whole.experts(), 1),
        shared,
        gate,
        Experts.of(loader, whole, dispatch.computed()));
  }

  @Override
  public Tensor forward(Graph g, Tensor residual) {
    Tensor normalised = FusedLayers.norm(g, residual, before, rows.share());
    Tensor common = shared == null ? null : common(g, shared, normalised);
    Tensor weights = weights(g, normalised);
    Tensor result = g.rebind(weights, normalised, routed(g, normalised, weights));
    if (common == null) {
      return result;
    }
    return g.rebind(result, common, Pointwise.add(g, result, common, "expert outputs"));
  }

  private Tensor common(Graph g, FusedMlp mlp, Tensor x) {
    Tensor output = mlp.forward(g, x);
    if (sharedGate == null) {
      return output;
    }
    Product shape = new Product(rows.share(), routerShape.in(), 1, 1);
    Tensor score = FusedLayers.column(g, x, sharedGate, shape);
    Tensor gate = Pointwise.savingResult(g, Aten.SIGMOID, score, "router scores");
    try (Scope scope = Scope.of(g)) {
      scope.own(output, score, gate);
      return Pointwise.mul(g, output, gate, "expert outputs");
    }
  }

  /** Scores in fp32, of which the chosen ones stay in the dispatcher until the next call. */
  private Tensor weights(Graph g, Tensor x) {
    Tensor logits = FusedLayers.column(g, x, router, routerShape);
    Tensor wide = Pointwise.cast(g, logits, DataType.FP32, "router scores");
    Tensor scores = Pointwise.savingResult(g, Aten.SOFTMAX, wide, "router scores");
    g.release(logits, wide);
    Tensor map =
        g.allocate(
            Aten.EMPTY, "routing map", Category.ACTIVATIONS, scores.elements(), DataType.BOOL);
    try (Scope scope = Scope.of(g)) {
      Tensor chosen =
          scope.own(g.rebind(scores, map, ShapeOps.maskedFill(g, scores, map, "router scores")));
      Tensor compact = ShapeOps.resized(g, chosen, dispatch.sent(), "router scores");
      return ShapeOps.attach(g, compact, chosen);
    }
  }

  /** The calling function holds what it sends and what it receives until it returns. */
  private Tensor routed(Graph g, Tensor x, Tensor weights) {
    long hidden = routerShape.in();
    Tensor indices = Routing.indices(g, dispatch.sent());
    Tensor sent =
        g.rebind(
            indices,
            Routing.gather(
                g, x, indices, Math.multiplyExact(dispatch.sent(), hidden), "dispatched tokens"));
    Tensor received =
        ShapeOps.resized(
            g, sent, Math.multiplyExact(dispatch.received(), hidden), "dispatched tokens");
    Tensor arrived = ShapeOps.resized(g, weights, dispatch.computed(), "router scores");
    Tensor sorted = dispatch.sorted(g, received, hidden);
    Tensor computed = g.rebind(arrived, sorted, experts.forward(g, sorted, arrived));
    Tensor returning = dispatch.unsorted(g, computed, hidden);
    Tensor returned =
        g.rebind(returning, ShapeOps.resized(g, returning, sent.elements(), "dispatched tokens"));
    try (Scope scope = Scope.of(g)) {
      scope.own(sent, received);
      return g.rebind(returned, ShapeOps.resized(g, returned, x.elements(), "expert outputs"));
    }
  }
}
