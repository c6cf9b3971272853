package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Puts parameters onto the trace: which are trained, in which dtype each is, and which ones PEFT
 * trains a copy of.
 */
final class ParameterFactory {

  private final Graph graph;
  private final StepSettings settings;
  private final Sharding sharding;
  private final Optional<AdapterSettings> adapter;
  private final List<Trainable> trainables = new ArrayList<>();
  private boolean layerTrained;
  private boolean routed;
  private boolean frozen;
  private int copies = 1;
  private int stack = 1;

  /** None is made yet. */
  ParameterFactory(Graph graph, StepSettings settings, Sharding sharding) {
    this.graph = graph;
    this.settings = settings;
    this.sharding = sharding;
    this.adapter = settings.job().adapter();
  }

  /** What the optimizer updates of all that was made. */
  List<Trainable> trainables() {
    return trainables;
  }

  /** Everything built in {@code body} stands for that many equal layers. */
  void forLayers(int count, boolean trained, Runnable body) {
    copies = count;
    layerTrained = trained;
    graph.repeat(count, body);
    copies = 1;
    layerTrained = false;
  }

  /** Whether what is made from now on belongs to routed experts. */
  void routed(boolean value) {
    routed = value;
  }

  /** Whether what is made from now on is left as it is. */
  void frozen(boolean value) {
    frozen = value;
  }

  boolean isFrozen() {
    return frozen;
  }

  /** Every parameter made from now on stands for that many in one tensor. */
  void stack(int count) {
    stack = count;
  }

  /**
   * The head's matrix.
   *
   * @param untied it was tied until it was replaced: it gets gradients, but the optimizer knows
   *     parameters by the names that they had before (accelerate/accelerator.py _prepare_te)
   */
  Parameter head(Linear linear, boolean untied) {
    return untied
        ? head(linear, Category.WEIGHTS, settings.embeddingDtype(linear.name()), trainsBase())
        : head(linear, Category.WEIGHTS, trainsBase());
  }

  /** The trained copy of the head's matrix where the head is to be saved. */
  Parameter savedHead(Linear linear) {
    return wrapped(() -> head(linear, Category.ADAPTERS, true));
  }

  private Parameter head(Linear linear, Category category, boolean trained) {
    DataType own = settings.embeddingDtype(linear.name());
    DataType dtype = category == Category.ADAPTERS ? settings.savedDtype(own) : own;
    Parameter weight = head(linear, category, dtype, trained);
    if (trained) {
      trainables.add(Trainable.matrix(weight, 1, linear.out(), Trainable.Use.HEAD));
    }
    return weight;
  }

  private Parameter head(Linear linear, Category category, DataType dtype, boolean trained) {
    return sharding.parameter(
        new ParameterSpec(
            "lm_head", category, linear.weightCount(), linear.out(), dtype, trained, routed, 1));
  }

  /** The head's bias. */
  Parameter headBias(Linear linear) {
    DataType dtype = settings.embeddingDtype(linear.name());
    return register(
        sharding.parameter(
            new ParameterSpec(
                "biases", Category.WEIGHTS, linear.out(), 1, dtype, trainsBase(), routed, 1)),
        1);
  }

  /** The trained copy of the head's bias where the head is to be saved. */
  Parameter savedHeadBias(Linear linear) {
    return savedCopy(
        "biases", linear.out(), 1, settings.embeddingDtype(linear.name()), Trainable.Use.OTHER);
  }

  /**
   * An embedding table.
   *
   * @param uses 2 when the head is tied to it
   * @param head the path of a tied head, or ""
   */
  Parameter table(Embedding embedding, int uses, String head) {
    boolean trained = trainsBase() && embedding.trained();
    DataType dtype = settings.embeddingDtype(embedding.name(), head);
    return original(
        embedding.name(), () -> table(embedding, Category.WEIGHTS, dtype, trained, uses));
  }

  /** The trained copy of a table that is to be saved. */
  Parameter savedTable(Embedding embedding) {
    DataType own = settings.embeddingDtype(embedding.name());
    DataType dtype = settings.savedDtype(own);
    return wrapped(() -> table(embedding, Category.ADAPTERS, dtype, true, 1));
  }

  private Parameter table(
      Embedding embedding, Category category, DataType dtype, boolean trained, int uses) {
    Parameter table =
        sharding.parameter(
            new ParameterSpec(
                "embeddings",
                category,
                embedding.parameterCount(),
                embedding.rows(),
                dtype,
                trained,
                routed,
                uses));
    if (trained) {
      trainables.add(Trainable.matrix(table, 1, embedding.rows(), Trainable.Use.EMBEDDING));
    }
    return table;
  }

  /** Parameters of a layer that are used as they are. */
  Parameter layer(String name, long elements, long rows) {
    return baseParameter(name, elements, rows, trainsLayer());
  }

  /** As {@link #layer(String, long, long)}, for such a use. */
  Parameter layer(String name, long elements, long rows, Trainable.Use use) {
    Parameter parameter = parameter(name, elements * stack, rows * stack, trainsLayer(), 1, false);
    return register(parameter, rows * stack, use);
  }

  /**
   * Matrices of a layer that are stacked into one parameter.
   *
   * @param last features of a row of each
   * @param uses whose gradients come together before the parameter gets them
   */
  Parameter stacked(String name, long elements, int matrices, long last, int uses) {
    Parameter parameter = parameter(name, elements, matrices, trainsLayer(), uses, false);
    if (parameter.trainable()) {
      trainables.add(new Trainable(parameter, copies, matrices, last, Trainable.Use.OTHER));
    }
    return parameter;
  }

  /** Biases of so many experts in one parameter. */
  Parameter stackedBiases(long elements, int experts) {
    Parameter parameter = parameter("biases", elements, experts, trainsLayer(), 1, false);
    if (parameter.trainable()) {
      trainables.add(Trainable.matrix(parameter, copies, experts, Trainable.Use.STACKED_BIASES));
    }
    return parameter;
  }

  /** A tensor that belongs to the model but is no parameter. */
  Parameter buffer(String name, long elements) {
    return buffer(name, elements, settings.job().weightDtype());
  }

  /** The same in a dtype of its own, such as a mask. */
  Parameter buffer(String name, long elements, DataType own) {
    DataType dtype = own == DataType.BOOL ? own : sharding.bufferDtype(own);
    return Parameter.whole(graph, name, Category.WEIGHTS, elements, dtype, false, 1);
  }

  /** Whole numbers in a buffer, such as positions in a matrix that an adapter keeps. */
  void positions(String name, long count) {
    Parameter.whole(graph, name, Category.WEIGHTS, count * stack, DataType.INT64, false, 1);
  }

  /** Parameters outside the layers that a text-only step does not use (a vision tower). */
  Parameter outside(String name, long elements, Trainable.Use use) {
    return register(parameter(name, elements * stack, stack, trainsBase(), 1, false), stack, use);
  }

  /** A parameter of a module, or the trained copy of it where the module is to be saved. */
  Parameter weight(String path, String name, long elements, long rows, boolean trained) {
    return weight(path, name, elements, rows, trained, false);
  }

  /**
   * As {@link #weight(String, String, long, long, boolean)}.
   *
   * @param wide it is in fp32, whatever the others are
   */
  Parameter weight(
      String path, String name, long elements, long rows, boolean trained, boolean wide) {
    return weight(path, name, elements, rows, trained, wide, Trainable.Use.OTHER);
  }

  /** As {@link #weight(String, String, long, long, boolean, boolean)}, for such a use. */
  Parameter weight(
      String path,
      String name,
      long elements,
      long rows,
      boolean trained,
      boolean wide,
      Trainable.Use use) {
    Parameter made =
        original(path, () -> parameter(name, elements * stack, rows * stack, trained, 1, wide));
    Parameter original = register(made, rows * stack, use);
    return isSaved(path)
        ? wrapped(() -> savedCopy(name, elements * stack, rows * stack, original.dtype(), use))
        : original;
  }

  /** The trained copy that PEFT's {@code modules_to_save} makes, in the module's own dtype. */
  private Parameter savedCopy(
      String name, long elements, long rows, DataType dtype, Trainable.Use use) {
    return register(
        sharding.parameter(
            new ParameterSpec(
                name,
                Category.ADAPTERS,
                elements,
                rows,
                settings.savedDtype(dtype),
                true,
                routed,
                1)),
        rows,
        use);
  }

  private Parameter baseParameter(String name, long elements, long rows, boolean trained) {
    return register(
        parameter(name, elements * stack, rows * stack, trained, 1, false), rows * stack);
  }

  private Parameter parameter(
      String name, long elements, long rows, boolean trained, int uses, boolean wide) {
    DataType own = trained ? settings.trainedDtype() : settings.baseDtype();
    DataType dtype = wide && !castsAll(own) ? DataType.FP32 : own;
    return sharding.parameter(
        new ParameterSpec(name, Category.WEIGHTS, elements, rows, dtype, trained, routed, uses));
  }

  /**
   * Whether the trainer casts every parameter, whatever Transformers has loaded it in
   * (deepspeed/runtime/engine.py _configure_distributed_model); ZeRO in 16 bits is that engine's.
   *
   * @param to dtype of the other parameters
   */
  private boolean castsAll(DataType to) {
    return settings.job().parallelism().strategy().isZero() && to != DataType.FP32;
  }

  /** What an adapter keeps as a parameter of its own. */
  Parameter adapterParameter(long elements, long rows) {
    return adapterParameter(elements, rows, Trainable.Use.OTHER);
  }

  /** A factor of an adapter. */
  Parameter adapterParameter(long elements, long rows, Trainable.Use use) {
    return register(
        sharding.parameter(
            new ParameterSpec(
                ParameterSpec.FACTOR,
                Category.ADAPTERS,
                elements * stack,
                rows * stack,
                adapter.orElseThrow().dtype(),
                true,
                routed,
                1)),
        rows * stack,
        use);
  }

  /** The module that is built uses a parameter of another. */
  void share(Parameter parameter) {
    sharding.share(parameter);
  }

  private Parameter register(Parameter parameter, long rows) {
    return register(parameter, rows, Trainable.Use.OTHER);
  }

  private Parameter register(Parameter parameter, long rows, Trainable.Use use) {
    if (parameter.trainable()) {
      trainables.add(Trainable.matrix(parameter, copies, rows, use));
    }
    return parameter;
  }

  /** Whether PEFT trains a copy of the module of this path. */
  boolean isSaved(String path) {
    return adapter.isPresent() && ModulePaths.isSaved(path, adapter.get().modulesToSave());
  }

  /**
   * What a module itself has, which runs nowhere where it is saved and no pass goes without
   * adapters.
   */
  <T> T original(String path, Supplier<T> body) {
    if (!isSaved(path)) {
      return body.get();
    }
    return wrapped(restsAdapters() ? body : () -> sharding.replaced(body));
  }

  /**
   * PEFT's wrapper in the place of a saved module calls that or its copy, which {@code body} makes
   * (peft/utils/other.py ModulesToSaveWrapper).
   */
  private <T> T wrapped(Supplier<T> body) {
    return graph.site().within(graph.site().module().wrapped(), body);
  }

  private boolean restsAdapters() {
    ReferenceSource source =
        settings
            .job()
            .objective()
            .comparedWith()
            .map(reference -> reference.source())
            .orElse(ReferenceSource.NONE);
    return source == ReferenceSource.ADAPTER_OFF || source == ReferenceSource.PRECOMPUTED;
  }

  /** Whether the parameters of the layer that is built are trained. */
  boolean trainsLayer() {
    return trainsBase() || layerTrained && !frozen;
  }

  /** Whether all of the model is. */
  boolean trainsBase() {
    Method method = settings.job().method();
    boolean whole = method == Method.FULL || method == Method.GALORE;
    return !frozen && whole && !settings.job().optimizer().name().isBlockwise();
  }
}
