package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.module.engine.EngineLinear;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.EmbeddingAdapter;
import dev.vramcast.core.module.linear.FakeQuantisedLinear;
import dev.vramcast.core.module.linear.Float8Linear;
import dev.vramcast.core.module.linear.LinearAdapter;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.linear.Projection.Way;
import dev.vramcast.core.module.linear.QuantisedWeights;
import dev.vramcast.core.module.linear.SlicedAdapter;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.CallSite;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds the model's modules, which puts their parameters onto the trace. */
public final class ModuleFactory {

  private final Graph graph;
  private final StepSettings settings;
  private final Sharding sharding;
  private final ParameterFactory parameters;
  private final AdapterFactory adapters;
  private final QuantisedWeights quantised;

  public ModuleFactory(Graph graph, StepSettings settings, Sharding sharding) {
    this.graph = graph;
    this.sharding = sharding;
    this.settings = settings;
    this.parameters = new ParameterFactory(graph, settings, sharding);
    this.adapters = new AdapterFactory(graph, settings, parameters);
    this.quantised = new QuantisedWeights(graph, settings, sharding);
  }

  /** Which module is built. */
  public CallSite site() {
    return graph.site();
  }

  public List<Trainable> trainables() {
    return parameters.trainables();
  }

  /** The largest linear that carries an adapter, null when none does. */
  public @Nullable Linear largestTarget() {
    return adapters.largestTarget();
  }

  /** Puts matrices onto the trace that adapters share, once all of them are made. */
  public void sharedMatrices() {
    adapters.sharedMatrices();
  }

  /** The unit to which the parameters belong that {@code body} makes. */
  public <T> Sharding.InUnit<T> unit(Sharding.Place place, Supplier<T> body) {
    return sharding.unit(place, body);
  }

  /** The part of a layer that is a module of its own, whose parameters {@code body} makes. */
  public <T> T block(ModuleScope scope, Supplier<T> body) {
    return sharding.block(scope, body);
  }

  /** Everything built in {@code body} stands for that many equal layers. */
  public void forLayers(int count, boolean trained, Runnable body) {
    parameters.forLayers(count, trained, body);
  }

  /** Everything built in {@code body} belongs to routed experts. */
  public <T> T routed(Supplier<T> body) {
    parameters.routed(true);
    quantised.routed(true);
    T result = body.get();
    parameters.routed(false);
    quantised.routed(false);
    return result;
  }

  /** What {@code body} builds is neither trained nor adapted where {@code frozen}, or around it. */
  public <T> T frozen(boolean frozen, Supplier<T> body) {
    boolean around = parameters.isFrozen();
    parameters.frozen(around || frozen);
    try {
      return body.get();
    } finally {
      parameters.frozen(around);
    }
  }

  /** Every parameter built in {@code body} stands for that many in one tensor. */
  public void stacked(int count, Runnable body) {
    parameters.stack(count);
    quantised.stack(count);
    body.run();
    parameters.stack(1);
    quantised.stack(1);
  }

  /** A projection inside a layer that is a bare parameter: never quantised, no module to adapt. */
  public Projection bareProjection(Linear linear) {
    ModuleScope at = scope(linear);
    return new Projection(at, graph.site().within(at, () -> dense(linear, Trainable.Use.OTHER)));
  }

  /** LitGPT's one projection for query, key and value, with the adapter on {@code parts} of it. */
  public Projection slicedProjection(List<Linear> parts) {
    long out = parts.stream().mapToLong(Linear::out).sum();
    boolean bias = parts.stream().anyMatch(Linear::bias);
    Linear fused = new Linear("attn.qkv", parts.get(0).in(), out, bias);
    ModuleScope scope = graph.site().module().library(fused.name(), "litgpt/lora.py LoRAQKVLinear");
    BaseLinear base = graph.site().within(scope, () -> baseLinear(fused));
    SlicedAdapter adapter = adapters.onSlices(scope, parts);
    return adapter == null
        ? new Projection(scope, base)
        : new Projection(scope, base, null, adapter, settings.running(), Way.AS_IT_IS);
  }

  /** Whether the adapter targets a module of this path. */
  public boolean targets(String path) {
    return adapters.targets(path);
  }

  /**
   * An adapter on a bare parameter of a module.
   *
   * @param dtype the parameter's
   * @param experts matrices stacked in the parameter
   * @param rankFactor PEFT multiplies the rank where several old targets are fused into one
   */
  public MergedAdapter mergedAdapter(
      ModuleScope module, DataType dtype, int experts, int rankFactor, long in, long out) {
    return adapters.onParameter(module, dtype, experts, rankFactor, in, out);
  }

  /** A projection inside a layer. */
  public Projection projection(Linear linear) {
    ModuleScope scope = scope(linear);
    try (Scope frame = Scope.of(graph, scope)) {
      BaseLinear base =
          targets(linear.name())
              ? graph.site().within(scope.wrapped(), () -> baseLinear(linear))
              : baseLinear(linear);
      return frame.result(
          adapted(scope, base, adapters.onLinear(linear, wrapping(linear)), Way.of(linear)));
    }
  }

  private LinearAdapter.Wrapping wrapping(Linear linear) {
    if (settings.job().frameworkCode().is(LayerCode.SPARES_COPIES)) {
      return LinearAdapter.Wrapping.SPARING;
    }
    return quantised.covers(linear) ? quantised.wrapping() : LinearAdapter.Wrapping.PLAIN;
  }

  /** As {@link #projection}, all of them. */
  public List<Projection> projections(List<Linear> linears) {
    List<Projection> all = new ArrayList<>(linears.size());
    for (Linear linear : linears) {
      all.add(projection(linear));
    }
    return all;
  }

  /**
   * A projection after the last layer, which few frameworks quantise.
   *
   * @param tiedWeight the token embedding's table where the head has none of its own, else null
   */
  public Projection head(Linear linear, @Nullable Parameter tiedWeight) {
    ModuleScope scope = scope(linear);
    try (Scope frame = Scope.of(graph, scope)) {
      return frame.result(head(scope, linear, tiedWeight));
    }
  }

  private Projection head(ModuleScope scope, Linear linear, @Nullable Parameter tiedWeight) {
    boolean own = tiedWeight == null && !parameters.isSaved(linear.name());
    if (own && quantised.coversHead(linear)) {
      return adapted(scope, quantised.loadHead(linear), adapters.onHead(linear), Way.AS_IT_IS);
    }
    Parameter weight = parameters.original(linear.name(), () -> headWeight(linear, tiedWeight));
    Parameter bias = linear.bias() ? parameters.headBias(linear) : null;
    if (parameters.isSaved(linear.name())) {
      weight = parameters.savedHead(linear);
      bias = bias == null ? null : parameters.savedHeadBias(linear);
    }
    DenseLinear base = new DenseLinear(linear, weight, bias, Category.LOGITS_AND_LOSS, false);
    LinearAdapter added = adapters.onHead(linear);
    boolean bare = tiedWeight != null && !settings.replacesByEngine(linear);
    return adapted(scope, bare ? base : narrowed(base, added != null), added, Way.AS_IT_IS);
  }

  /** TransformerEngine's linear has a weight of its own where the model's head had none. */
  private Parameter headWeight(Linear linear, @Nullable Parameter tiedWeight) {
    if (tiedWeight == null || settings.replacesByEngine(linear)) {
      return parameters.head(linear, tiedWeight != null);
    }
    sharding.share(tiedWeight);
    return tiedWeight;
  }

  private Projection adapted(
      ModuleScope scope, BaseLinear base, @Nullable LinearAdapter newAdapter, Way way) {
    return new Projection(scope, base, newAdapter, null, settings.running(), way);
  }

  private BaseLinear baseLinear(Linear linear) {
    if (quantised.covers(linear)) {
      return quantised.load(linear);
    }
    DenseLinear dense = dense(linear);
    return settings.job().linears() == NarrowLinears.TORCHAO && Float8Linear.fits(linear)
        ? new Float8Linear(dense, settings.keepsNarrowWeights())
        : narrowed(dense, targets(linear.name()));
  }

  /** What stands in the place of a linear where some compute in few bits. */
  private BaseLinear narrowed(DenseLinear dense, boolean adapted) {
    if (settings.replacesByEngine(dense.linear())) {
      return EngineLinear.load(graph, dense, settings.job().linears());
    }
    return settings.rounds(adapted) && FakeQuantisedLinear.covers(dense.linear())
        ? FakeQuantisedLinear.load(graph, dense, settings)
        : dense;
  }

  private DenseLinear dense(Linear linear) {
    return dense(linear, Trainable.Use.LINEAR);
  }

  private DenseLinear dense(Linear linear, Trainable.Use use) {
    boolean trained = parameters.trainsLayer();
    String path = linear.name();
    boolean widened = linear.kept() && settings.code().widensKept();
    boolean wide = linear.wide() || (widened && !settings.job().quantization().isNone());
    Parameter weight =
        parameters.weight(
            path, "linear weights", linear.weightCount(), linear.out(), trained, wide, use);
    Parameter bias =
        linear.bias() ? parameters.weight(path, "biases", linear.out(), 1, trained) : null;
    return new DenseLinear(
        linear, weight, bias, Category.ACTIVATIONS, settings.code().addsBiases());
  }

  public Norms norm(Norm norm) {
    return norm(norm, parameters.trainsLayer(), settings.code().layerNormCode());
  }

  /** The norm of a head's transform, which is {@code nn.LayerNorm} whatever others are. */
  public Norms headNorm(Norm norm) {
    return norm(norm, parameters.trainsBase(), LayerNormCode.FUSED);
  }

  /** The norm after the last layer. */
  public Norms finalNorm(Norm norm) {
    LayerNormCode code = settings.code().layerNormCode();
    return code == LayerNormCode.CAST_BACK
        ? headNorm(norm)
        : norm(norm, parameters.trainsBase(), code);
  }

  private Norms norm(Norm norm, boolean trained, LayerNormCode code) {
    String what = "norm weights";
    ModuleScope scope = Norms.scope(graph.site().module(), norm);
    try (Scope frame = Scope.of(graph, scope)) {
      String path = norm.name();
      long size = norm.size();
      Parameter weight =
          norm.weighted() ? parameters.weight(path, what, size, 1, trained, norm.isWide()) : null;
      Parameter bias = norm.bias() ? parameters.weight(path, what, size, 1, trained) : null;
      return frame.result(new Norms(norm, scope, settings, weight, bias, code));
    }
  }

  /** An embedding table; {@code uses} is 2 when the head with this path is tied to it. */
  public Parameter embedding(Embedding embedding, int uses, String head) {
    try (Scope frame = Scope.of(graph, scope(embedding))) {
      return frame.result(parameters.table(embedding, uses, head));
    }
  }

  /** The trained copy of an embedding table, or null when the table is not to be saved. */
  public @Nullable Parameter savedEmbedding(Embedding embedding, Parameter original) {
    ModuleScope wrapper = original.module().caller();
    if (wrapper == null || !parameters.isSaved(embedding.name())) {
      return null;
    }
    return graph.site().within(wrapper, () -> parameters.savedTable(embedding));
  }

  /** The adapter on an embedding table, or null when the table is no target. */
  public @Nullable EmbeddingAdapter embeddingAdapter(Embedding embedding) {
    return adapters.onEmbedding(scope(embedding), embedding);
  }

  /** Parameters of a layer that are used as they are. */
  public Parameter layerParameter(String name, long elements, long rows) {
    return parameters.layer(name, elements, rows);
  }

  /** Biases of so many experts in one parameter. */
  public Parameter stackedBiases(long elements, int experts) {
    return parameters.stackedBiases(elements, experts);
  }

  /** As {@link #layerParameter}, for such a use. */
  public Parameter layerParameter(String name, long elements, long rows, Trainable.Use use) {
    return parameters.layer(name, elements, rows, use);
  }

  /** As {@link #layerParameter}, of a convolution. */
  public Parameter kernel(String name, long elements, long rows) {
    return layerParameter(name, elements, rows, Trainable.Use.KERNEL);
  }

  /** As {@link #layerParameter}, in fp32 whatever the others are. */
  public Parameter wideParameter(String name, long elements, long rows) {
    return parameters.weight("", name, elements, rows, parameters.trainsLayer(), true);
  }

  /**
   * Matrices of the layer that is built, stacked into one parameter.
   *
   * @param last features of a row of each
   * @param uses whose gradients come together before the parameter gets them
   */
  public Parameter stackedParameter(String name, long elements, int matrices, long last, int uses) {
    return parameters.stacked(name, elements, matrices, last, uses);
  }

  /** The same frozen and in few bits: fp32 constants that are unpacked before it is. */
  public long quantisedStack(long elements) {
    return quantised.fourBit(elements);
  }

  /** The same in NVFP4, of so many matrices. */
  public void packedStack(long elements, long matrices) {
    quantised.nvfp4(elements, matrices);
  }

  /** The same in eight bits, with a scale for each row of {@code last} elements. */
  public void quantisedRows(long elements, long last) {
    quantised.eightBit(elements, last);
  }

  /** The module that is built. */
  public ModuleScope module() {
    return graph.site().module();
  }

  /** A tensor that belongs to the model but is no parameter. */
  public Parameter buffer(String name, long elements) {
    return parameters.buffer(name, elements);
  }

  /** The same in a dtype of its own, whatever the weights are in. */
  public Parameter buffer(String name, long elements, DataType own) {
    return parameters.buffer(name, elements, own);
  }

  /** Numbers of eight bytes each that a module keeps. */
  public void indexBuffer(String name, long count) {
    parameters.positions(name, count);
  }

  /** Parameters outside the layers that a text-only step does not use (a vision tower). */
  public Parameter outsideParameter(String name, long elements, Trainable.Use use) {
    return parameters.outside(name, elements, use);
  }

  private ModuleScope scope(Linear linear) {
    return module().library(linear.name(), "torch/nn/modules/linear.py Linear.forward");
  }

  private ModuleScope scope(Embedding embedding) {
    return module().library(embedding.name(), "torch/nn/modules/sparse.py Embedding.forward");
  }
}
