package dev.vramcast.core.module;

import dev.vramcast.core.architecture.AltUp;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.FinalStage;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.stream.StreamStart;
import dev.vramcast.core.trace.Aten;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The streams of hidden states that Gemma 3n's layers pass on, made from one before the first layer
 * and brought back to one after the last (transformers gemma3n/modeling_gemma3n.py
 * Gemma3nTextModel).
 *
 * @param projections of every stream but the first
 * @param hidden features of a stream
 * @param norm after the last layer, null before the first
 */
record AltUpStreams(List<Projection> projections, long hidden, @Nullable Norms norm)
    implements FinalStage, StreamStart {

  private static final String NAME = "streams of hidden states";

  /** What stands before the first layer, or null. */
  static @Nullable AltUpStreams before(ModuleFactory modules, Architecture architecture) {
    return load(modules, architecture, AltUp.Ends::spread, null);
  }

  /** What stands after the last layer: {@code norm} alone in other models, which may be null. */
  static @Nullable FinalStage after(
      ModuleFactory modules, Architecture architecture, @Nullable Norms norm) {
    AltUpStreams streams = load(modules, architecture, AltUp.Ends::gather, norm);
    return streams == null ? norm : streams;
  }

  private static @Nullable AltUpStreams load(
      ModuleFactory modules,
      Architecture architecture,
      Function<AltUp.Ends, List<ParameterTensor>> end,
      @Nullable Norms norm) {
    long size = architecture.hiddenSize();
    List<Projection> projections =
        architecture.extras().altUp().map(end).orElse(List.of()).stream()
            .map(tensor -> modules.projection(new Linear(tensor.name(), size, size, false)))
            .toList();
    return projections.isEmpty() ? null : new AltUpStreams(projections, size, norm);
  }

  @Override
  public Tensor spread(Graph g, Tensor first) {
    Tensor magnitude = magnitude(g, first);
    Tensor[] streams = new Tensor[projections.size() + 1];
    streams[0] = first;
    for (int i = 1; i < streams.length; i++) {
      streams[i] = stream(g, projections.get(i - 1), first, magnitude);
    }
    return stacked(g, streams, magnitude);
  }

  @Override
  public Tensor forward(Graph g, Tensor all) {
    long size = all.elements() / (projections.size() + 1);
    Tensor[] streams = new Tensor[projections.size() + 1];
    streams[0] = ShapeOps.slice(g, all.hold(), size);
    Tensor magnitude = magnitude(g, streams[0]);
    for (int i = 1; i < streams.length; i++) {
      Tensor input = ShapeOps.slice(g, all.hold(), size);
      streams[i] = g.rebind(input, stream(g, projections.get(i - 1), input, magnitude));
    }
    Tensor stacked = stacked(g, streams, magnitude);
    try (Scope scope = Scope.of(g)) {
      Tensor mean =
          scope.own(g.rebind(stacked, ShapeOps.resized(g, stacked, size, "hidden states")));
      return Objects.requireNonNull(norm).forward(g, mean);
    }
  }

  private static Tensor stacked(Graph g, Tensor[] streams, Tensor magnitude) {
    try (Scope scope = Scope.of(g)) {
      scope.own(streams);
      scope.own(magnitude);
      return ShapeOps.concatenate(g, NAME, streams);
    }
  }

  /** A projection with the magnitude of the first stream. */
  private Tensor stream(Graph g, Projection projection, Tensor x, Tensor magnitude) {
    Tensor projected = projection.forward(g, x);
    try (Scope scope = Scope.of(g)) {
      Tensor own = scope.own(magnitude(g, projected));
      Tensor product = scope.own(g.rebind(projected, Pointwise.mul(g, projected, magnitude, NAME)));
      return Pointwise.mul(g, product, own, NAME);
    }
  }

  /** {@code mean(x ** 2, dim=-1) ** 0.5}; autocast computes powers in fp32. */
  private Tensor magnitude(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor wide = scope.own(Pointwise.widened(g, x, "squares"));
      Tensor square = scope.own(Pointwise.square(g, wide, "squares"));
      Tensor mean = scope.own(Matrix.rowMean(g, square, x.elements() / hidden, "variance"));
      return Pointwise.savingResult(g, Aten.POW, mean, "variance");
    }
  }
}
