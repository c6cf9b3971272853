package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.EmbeddingAdapter;
import dev.vramcast.core.module.linear.LowRankAdapter;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.linear.QuantisedWeights;
import dev.vramcast.core.module.linear.SlicedAdapter;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.CallSite;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the model's parameters onto the trace: which are trained, in which dtype each is, which are
 * quantised, and which carry an adapter.
 */
public final class ModuleFactory {

  private static final String ADAPTER_CODE = "peft/tuners/lora/layer.py Linear.forward";

  private final Graph graph;
  private final StepSettings settings;
  private final Sharding sharding;
  private final Optional<AdapterSettings> adapter;
  private final QuantisedWeights quantised;
  private final List<Trainable> trainables = new ArrayList<>();

  /** Null while none carries an adapter. */
  private @Nullable Linear largestTarget;

  private boolean layerTrained;
  private boolean routed;
  private int copies = 1;
  private int stack = 1;

  public ModuleFactory(Graph graph, StepSettings settings, Sharding sharding) {
    this.graph = graph;
    this.sharding = sharding;
    this.settings = settings;
    this.adapter = settings.job().adapter();
    this.quantised = new QuantisedWeights(graph, settings, sharding);
  }

  /** Which module is built. */
  public CallSite site() {
    return graph.site();
  }

  public List<Trainable> trainables() {
    return trainables;
  }

  /** The largest linear that carries an adapter, null when none does. */
  public @Nullable Linear largestTarget() {
    return largestTarget;
  }

  /** The unit to which the parameters belong that {@code body} makes. */
  public <T> Sharding.InUnit<T> unit(Sharding.Place place, Supplier<T> body) {
    return sharding.unit(place, body);
  }

  /** Everything built in {@code body} stands for that many equal layers. */
  public void forLayers(int count, boolean trained, Runnable body) {
    copies = count;
    layerTrained = trained;
    graph.repeat(count, body);
    copies = 1;
    layerTrained = false;
  }

  /** Everything built in {@code body} belongs to routed experts. */
  public <T> T routed(Supplier<T> body) {
    routed = true;
    quantised.routed(true);
    T result = body.get();
    routed = false;
    quantised.routed(false);
    return result;
  }

  /** Every parameter built in {@code body} stands for that many in one tensor. */
  public void stacked(int count, Runnable body) {
    stack = count;
    quantised.stack(count);
    body.run();
    stack = 1;
    quantised.stack(1);
  }

  /** A projection inside a layer that is a bare parameter: never quantised, no module to adapt. */
  public Projection bareProjection(Linear linear) {
    ModuleScope scope = scope(linear);
    return new Projection(scope, graph.site().within(scope, () -> dense(linear)));
  }

  /**
   * LitGPT's one projection for query, key and value, with the adapter on the slices it targets.
   *
   * @param parts the slices as projections of their own
   */
  public Projection slicedProjection(List<Linear> parts) {
    long in = parts.get(0).in();
    long out = parts.stream().mapToLong(Linear::out).sum();
    boolean bias = parts.stream().anyMatch(Linear::bias);
    Linear fused = new Linear("attn.qkv", in, out, bias);
    ModuleScope scope = graph.site().module().library(fused.name(), "litgpt/lora.py LoRAQKVLinear");
    BaseLinear base = graph.site().within(scope, () -> baseLinear(fused));
    List<Linear> targets = parts.stream().filter(part -> targets(part.name())).toList();
    if (targets.isEmpty()) {
      return new Projection(scope, base);
    }
    AdapterSettings chosen = adapter.orElseThrow();
    long inner = (long) chosen.rank() * targets.size();
    long sliced = targets.stream().mapToLong(Linear::out).sum();
    Parameter a = factor(scope, "lora_A", inner * in, inner);
    Parameter b = factor(scope, "lora_B", sliced * chosen.rank(), sliced);
    SlicedAdapter adapterOnSlices =
        new SlicedAdapter(a, b, in, inner, sliced, out, chosen.dropout());
    return new Projection(scope, base, null, adapterOnSlices, settings.running());
  }

  /** Whether the adapter targets a module of this path. */
  public boolean targets(String path) {
    return adapter.isPresent() && isTarget(path);
  }

  /**
   * An adapter on a bare parameter.
   *
   * @param experts matrices stacked in the parameter
   * @param rankFactor PEFT multiplies the rank where several old targets are fused into one
   */
  public MergedAdapter mergedAdapter(
      Parameter weight, int experts, int rankFactor, long in, long out) {
    long rank = (long) adapter.orElseThrow().rank() * rankFactor * experts;
    ModuleScope scope = weight.module();
    Parameter a = factor(scope, "lora_A", rank * in, rank);
    Parameter b = factor(scope, "lora_B", out * rank, out);
    return new MergedAdapter(weight, a, b, in, out);
  }

  /** A projection inside a layer. */
  public Projection projection(Linear linear) {
    ModuleScope scope = scope(linear);
    try (Scope frame = Scope.of(graph, scope)) {
      return frame.result(adapted(scope, baseLinear(linear), adapterFor(linear)));
    }
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
   * A projection after the last layer, never quantised.
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
    Parameter weight = tiedWeight == null ? headWeight(linear) : tiedWeight;
    Parameter bias = linear.bias() ? headBias(linear) : null;
    if (isSaved(linear.name())) {
      weight =
          sharding.parameter(
              new ParameterSpec(
                  "lm_head",
                  Category.ADAPTERS,
                  linear.weightCount(),
                  linear.out(),
                  settings.embeddingDtype(),
                  true,
                  routed,
                  1));
      registerHead(weight, linear);
      bias = bias == null ? null : savedCopy("biases", linear.out(), 1, settings.embeddingDtype());
    }
    DenseLinear base = new DenseLinear(linear, weight, bias, Category.LOGITS_AND_LOSS);
    boolean named = adapter.isPresent() && isNamed(linear.name());
    return adapted(scope, base, named ? newAdapter(linear, false) : null);
  }

  private Projection adapted(
      ModuleScope scope, BaseLinear base, @Nullable LowRankAdapter newAdapter) {
    return new Projection(scope, base, newAdapter, null, settings.running());
  }

  private Parameter headWeight(Linear linear) {
    Parameter weight =
        sharding.parameter(
            new ParameterSpec(
                "lm_head",
                Category.WEIGHTS,
                linear.weightCount(),
                linear.out(),
                settings.embeddingDtype(),
                trainsBase(),
                routed,
                1));
    return registerHead(weight, linear);
  }

  private Parameter registerHead(Parameter weight, Linear linear) {
    if (weight.trainable()) {
      trainables.add(new Trainable(weight, 1, linear.out(), Trainable.Use.HEAD));
    }
    return weight;
  }

  private Parameter headBias(Linear linear) {
    return register(
        sharding.parameter(
            new ParameterSpec(
                "biases",
                Category.WEIGHTS,
                linear.out(),
                1,
                settings.embeddingDtype(),
                trainsBase(),
                routed,
                1)),
        1);
  }

  private BaseLinear baseLinear(Linear linear) {
    if (quantised.covers(linear)) {
      return quantised.load(linear);
    }
    return dense(linear);
  }

  private DenseLinear dense(Linear linear) {
    boolean trained = trainsLayer();
    String path = linear.name();
    Parameter weight = weight(path, "linear weights", linear.weightCount(), linear.out(), trained);
    Parameter bias = linear.bias() ? weight(path, "biases", linear.out(), 1, trained) : null;
    return new DenseLinear(linear, weight, bias, Category.ACTIVATIONS);
  }

  private @Nullable LowRankAdapter adapterFor(Linear linear) {
    if (adapter.isEmpty()
        || !isTarget(linear.name())
        || settings.code().losesAdapter(linear.lastName())) {
      return null;
    }
    return newAdapter(linear, quantised.covers(linear));
  }

  private LowRankAdapter newAdapter(Linear linear, boolean onQuantised) {
    if (largestTarget == null || linear.weightCount() > largestTarget.weightCount()) {
      largestTarget = linear;
    }
    AdapterSettings chosen = adapter.orElseThrow();
    long rank = chosen.rank();
    ModuleScope scope = graph.site().module();
    Parameter a = factor(scope, "lora_A", rank * linear.in(), rank);
    Parameter b = factor(scope, "lora_B", linear.out() * rank, linear.out());
    Parameter magnitude =
        chosen.dora() ? factor(scope, "lora_magnitude_vector", linear.out(), 1) : null;
    LowRankAdapter.Wrapping wrapping =
        onQuantised ? quantised.wrapping() : LowRankAdapter.Wrapping.PLAIN;
    return new LowRankAdapter(
        a, b, magnitude, linear.in(), linear.out(), rank, chosen.dropout(), wrapping);
  }

  private boolean isTarget(String path) {
    return adapter.orElseThrow().allLinear() || isNamed(path);
  }

  private boolean isNamed(String path) {
    return ModulePaths.isTarget(path, adapter.orElseThrow().targets());
  }

  private boolean isSaved(String path) {
    return adapter.isPresent() && ModulePaths.isSaved(path, adapter.get().modulesToSave());
  }

  public Norms norm(Norm norm) {
    return norm(norm, trainsLayer());
  }

  /** The norm after the last layer. */
  public Norms finalNorm(Norm norm) {
    return norm(norm, trainsBase());
  }

  private Norms norm(Norm norm, boolean trained) {
    ModuleScope scope = NormScopes.of(graph.site().module(), norm);
    try (Scope frame = Scope.of(graph, scope)) {
      return frame.result(norm(scope, norm, trained));
    }
  }

  private Norms norm(ModuleScope scope, Norm norm, boolean trained) {
    String path = norm.name();
    long size = norm.size();
    Parameter weight = norm.weighted() ? weight(path, "norm weights", size, 1, trained) : null;
    Parameter bias = norm.bias() ? weight(path, "norm weights", size, 1, trained) : null;
    return new Norms(norm, scope, settings, weight, bias);
  }

  /** An embedding table; {@code uses} is 2 when the head is tied to it. */
  public Parameter embedding(Embedding embedding, int uses) {
    try (Scope frame = Scope.of(graph, scope(embedding))) {
      return frame.result(table(embedding, uses));
    }
  }

  private Parameter table(Embedding embedding, int uses) {
    boolean trained = trainsBase();
    Parameter table =
        sharding.parameter(
            new ParameterSpec(
                "embeddings",
                Category.WEIGHTS,
                embedding.parameterCount(),
                embedding.rows(),
                settings.embeddingDtype(),
                trained,
                routed,
                uses));
    if (trained) {
      trainables.add(new Trainable(table, 1, embedding.rows(), Trainable.Use.EMBEDDING));
    }
    if (isSaved(embedding.name())) {
      long elements = embedding.parameterCount();
      Parameter copy =
          sharding.parameter(
              new ParameterSpec(
                  "embeddings",
                  Category.ADAPTERS,
                  elements,
                  embedding.rows(),
                  settings.embeddingDtype(),
                  true,
                  routed,
                  1));
      trainables.add(new Trainable(copy, 1, embedding.rows(), Trainable.Use.EMBEDDING));
      return copy;
    }
    return table;
  }

  /** The adapter on an embedding table, or null when the table is no target. */
  public @Nullable EmbeddingAdapter embeddingAdapter(Embedding embedding) {
    if (adapter.isEmpty() || !isNamed(embedding.name())) {
      return null;
    }
    long rank = adapter.get().rank();
    ModuleScope scope = scope(embedding);
    Parameter a = factor(scope, "lora_embedding_A", rank * embedding.rows(), rank);
    Parameter b = factor(scope, "lora_embedding_B", embedding.width() * rank, embedding.width());
    return new EmbeddingAdapter(a, b, rank, embedding.width());
  }

  /** Parameters of a layer that are used as they are. */
  public Parameter layerParameter(String name, long elements, long rows) {
    return baseParameter(name, elements, rows, trainsLayer());
  }

  /** A tensor that belongs to the model but is no parameter. */
  public void buffer(String name, long elements) {
    sharding.parameter(
        new ParameterSpec(
            name, Category.WEIGHTS, elements, 1, settings.job().weightDtype(), false, routed, 1));
  }

  /** A causal mask of so many positions that the model keeps. */
  public void maskBuffer(long positions) {
    Parameter.whole(
        graph, "causal mask", Category.WEIGHTS, positions * positions, DataType.BOOL, false, 1);
  }

  /** Parameters outside the layers that a text-only step does not use (a vision tower). */
  public void outsideParameter(String name, long elements) {
    baseParameter(name, elements, 1, trainsBase());
  }

  /** A parameter of a module, or the trained copy of it where the module is to be saved. */
  private Parameter weight(String path, String name, long elements, long rows, boolean trained) {
    Parameter original = baseParameter(name, elements, rows, trained);
    return isSaved(path)
        ? savedCopy(name, elements * stack, rows * stack, original.dtype())
        : original;
  }

  /** The trained copy that PEFT's {@code modules_to_save} makes, in the module's own dtype. */
  private Parameter savedCopy(String name, long elements, long rows, DataType dtype) {
    return register(
        sharding.parameter(
            new ParameterSpec(name, Category.ADAPTERS, elements, rows, dtype, true, routed, 1)),
        rows);
  }

  private Parameter baseParameter(String name, long elements, long rows, boolean trained) {
    DataType dtype = trained ? settings.trainedDtype() : settings.baseDtype();
    return register(
        sharding.parameter(
            new ParameterSpec(
                name, Category.WEIGHTS, elements * stack, rows * stack, dtype, trained, routed, 1)),
        rows * stack);
  }

  private ModuleScope scope(Linear linear) {
    return graph
        .site()
        .module()
        .library(linear.name(), "torch/nn/modules/linear.py Linear.forward");
  }

  private ModuleScope scope(Embedding embedding) {
    return graph
        .site()
        .module()
        .library(embedding.name(), "torch/nn/modules/sparse.py Embedding.forward");
  }

  /** A factor of an adapter on a module. */
  private Parameter factor(ModuleScope module, String name, long elements, long rows) {
    try (Scope frame = Scope.of(graph, module.library(name, ADAPTER_CODE))) {
      return frame.result(adapterParameter(elements, rows));
    }
  }

  private Parameter adapterParameter(long elements, long rows) {
    return register(
        sharding.parameter(
            new ParameterSpec(
                "adapters",
                Category.ADAPTERS,
                elements * stack,
                rows * stack,
                adapter.orElseThrow().dtype(),
                true,
                routed,
                1)),
        rows * stack);
  }

  private Parameter register(Parameter parameter, long rows) {
    if (parameter.trainable()) {
      trainables.add(new Trainable(parameter, copies, rows, Trainable.Use.OTHER));
    }
    return parameter;
  }

  private boolean trainsLayer() {
    return trainsBase() || layerTrained;
  }

  private boolean trainsBase() {
    Method method = settings.job().method();
    return method == Method.FULL || method == Method.GALORE;
  }
}
