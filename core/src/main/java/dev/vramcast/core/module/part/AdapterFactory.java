package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.module.linear.EmbeddingAdapter;
import dev.vramcast.core.module.linear.LinearAdapter;
import dev.vramcast.core.module.linear.LowRankAdapter;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.module.linear.SlicedAdapter;
import dev.vramcast.core.module.linear.tuner.RotationAdapter;
import dev.vramcast.core.module.linear.tuner.TunerFactory;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts adapters on the modules that a job names. */
final class AdapterFactory {

  private static final String CODE = "peft/tuners/lora/layer.py Linear.forward";

  private static final String ROTATION = "peft/tuners/oft/layer.py OFTRotationModule.forward";

  private final Graph graph;
  private final StepSettings settings;
  private final ParameterFactory parameters;
  private final Optional<AdapterSettings> adapter;

  /** Null while none carries an adapter. */
  private @Nullable Linear largestTarget;

  /** Most features that go into a linear with a part of shared matrices. */
  private long widest;

  /** Most that come out of one. */
  private long longest;

  /** None is made yet. */
  AdapterFactory(Graph graph, StepSettings settings, ParameterFactory parameters) {
    this.graph = graph;
    this.settings = settings;
    this.parameters = parameters;
    this.adapter = settings.job().adapter();
  }

  /** The largest linear that carries an adapter, null when none does. */
  @Nullable Linear largestTarget() {
    return largestTarget;
  }

  /** Whether the adapter targets a module of this path. */
  boolean targets(String path) {
    return adapter.isPresent()
        && !parameters.isFrozen()
        && (adapter.get().allLinear() || isNamed(path))
        && !parameters.isSaved(path);
  }

  private boolean isNamed(String path) {
    return ModulePaths.isTarget(path, adapter.orElseThrow().targets());
  }

  /** The adapter on a linear of a layer, null where that is no target. */
  @Nullable LinearAdapter onLinear(Linear linear, LinearAdapter.Wrapping wrapping) {
    boolean targeted = targets(linear.name()) && !isMoved(linear) && !isUnnamed(linear);
    return targeted ? adapter(linear, wrapping) : null;
  }

  /** PEFT moves targets of LoRA alone (convert_peft_config_for_transformers). */
  private boolean isMoved(Linear linear) {
    return adapter.orElseThrow().form().isLora() && settings.code().losesAdapter(linear.lastName());
  }

  /** A router that no name of a linear stands for, as its class is called something else. */
  private boolean isUnnamed(Linear linear) {
    return adapter.orElseThrow().allLinear()
        && settings.code().refusesRouterAdapter()
        && settings.job().frameworkCode().is(LayerCode.NAMES_BY_CLASS)
        && linear.lastName().equals("router");
  }

  /** The adapter on the head, which has to be named. */
  @Nullable LinearAdapter onHead(Linear linear) {
    return adapter.isPresent() && isNamed(linear.name())
        ? adapter(linear, LinearAdapter.Wrapping.PLAIN)
        : null;
  }

  private LinearAdapter adapter(Linear linear, LinearAdapter.Wrapping wrapping) {
    if (largestTarget == null || linear.weightCount() > largestTarget.weightCount()) {
      largestTarget = linear;
    }
    if (adapter.orElseThrow().form() == AdapterForm.SHARED) {
      widest = Math.max(widest, linear.in());
      longest = Math.max(longest, linear.out());
    }
    return switch (adapter.orElseThrow().form()) {
      case LOW_RANK, DORA -> lowRank(linear, wrapping);
      case ROTATION -> rotation(linear, wrapping);
      case SCALING, SHARED, HADAMARD, KRONECKER, BLOCK_SUMS ->
          new TunerFactory(adapter.orElseThrow(), isUnifiedSince(20), this::part)
              .onLinear(linear, wrapping);
    };
  }

  /** One layer of PEFT is for all kinds of base (peft/utils/quantization_utils.py). */
  private boolean isUnifiedSince(int release) {
    return settings.job().framework().peft().atLeast(0, release);
  }

  /** A parameter of an adapter on the module that is built. */
  private Parameter part(String name, String code, long elements, long rows) {
    try (Scope frame = Scope.of(graph, graph.site().module().library(name, code))) {
      return frame.result(parameters.adapterParameter(elements, rows));
    }
  }

  /** VeRA's matrices, of which layers use what fits them (peft/tuners/vera _init_vera_A_vera_B). */
  void sharedMatrices() {
    if (widest > 0) {
      AdapterSettings chosen = adapter.orElseThrow();
      long features = widest + longest;
      Parameter.whole(
          graph,
          "shared matrices",
          Category.WEIGHTS,
          chosen.rank() * features,
          chosen.dtype(),
          false,
          1);
    }
  }

  private RotationAdapter rotation(Linear linear, LinearAdapter.Wrapping wrapping) {
    long block = RotationAdapter.blockSize(linear.in(), adapter.orElseThrow().blockSize());
    long rows = linear.in() / block;
    long triangle = block * (block - 1) / 2;
    ModuleScope scope = graph.site().module().library("oft_R", ROTATION);
    try (Scope frame = Scope.of(graph, scope)) {
      Parameter triangles = parameters.adapterParameter(rows * triangle, rows);
      parameters.positions("positions", triangle);
      parameters.positions("positions", triangle);
      return frame.result(new RotationAdapter(triangles, block, around(wrapping)));
    }
  }

  private LinearAdapter.Wrapping around(LinearAdapter.Wrapping wrapping) {
    if (isUnifiedSince(21)) {
      return LinearAdapter.Wrapping.PLAIN;
    }
    return switch (settings.job().quantization().scheme()) {
      case GPTQ_INT4, GPTQ_INT8 -> LinearAdapter.Wrapping.DOUBLED;
      case NONE, NF4, FP4, INT8, AWQ_INT4, FP8, MXFP4, NVFP4, AQLM_2BIT -> wrapping;
    };
  }

  private LowRankAdapter lowRank(Linear linear, LinearAdapter.Wrapping wrapping) {
    AdapterSettings chosen = adapter.orElseThrow();
    long rank = chosen.rank();
    ModuleScope scope = graph.site().module();
    Parameter a = linear(scope, "lora_A", rank * linear.in(), rank);
    // Linear.forward reads lora_A.weight.dtype, which a module's owner counts as a use.
    parameters.share(a);
    Parameter b = linear(scope, "lora_B", linear.out() * rank, linear.out());
    Parameter magnitude =
        chosen.dora() ? factor(scope, "lora_magnitude_vector", linear.out(), 1) : null;
    // peft/tuners/lora/dora.py: get_lora_weight makes it since 0.19.
    boolean holdsIdentity = !settings.job().framework().peft().atLeast(0, 19);
    return new LowRankAdapter(
        a,
        b,
        magnitude,
        new LowRankAdapter.Sizes(linear.in(), linear.out(), rank),
        chosen.dropout(),
        holdsIdentity,
        wrapping);
  }

  /**
   * LitGPT's adapter on slices of a fused projection, null where none of them is a target.
   *
   * @param parts the slices as projections of their own
   */
  @Nullable SlicedAdapter onSlices(ModuleScope scope, List<Linear> parts) {
    List<Linear> targets = parts.stream().filter(part -> targets(part.name())).toList();
    if (targets.isEmpty()) {
      return null;
    }
    AdapterSettings chosen = adapter.orElseThrow();
    long in = parts.get(0).in();
    long inner = (long) chosen.rank() * targets.size();
    long sliced = targets.stream().mapToLong(Linear::out).sum();
    long out = parts.stream().mapToLong(Linear::out).sum();
    Parameter a = linear(scope, "lora_A", inner * in, inner);
    Parameter b = linear(scope, "lora_B", sliced * chosen.rank(), sliced);
    return new SlicedAdapter(a, b, in, inner, sliced, out, chosen.dropout());
  }

  /** As {@link ModuleFactory#mergedAdapter}. */
  MergedAdapter onParameter(
      ModuleScope scope, DataType dtype, int experts, int rankFactor, long in, long out) {
    long rank = (long) adapter.orElseThrow().rank() * rankFactor * experts;
    Parameter a = linear(scope, "lora_A", rank * in, rank);
    Parameter b = linear(scope, "lora_B", out * rank, out);
    boolean folds = experts > 1 && settings.job().framework().peft().atLeast(0, 21);
    boolean cached = settings.job().framework().peft().atLeast(0, 19);
    return new MergedAdapter(experts * in * out, dtype, a, b, in, out, folds, cached);
  }

  /** The adapter on an embedding table, null when the table is no target. */
  @Nullable EmbeddingAdapter onEmbedding(ModuleScope scope, Embedding embedding) {
    if (adapter.isEmpty() || !isNamed(embedding.name())) {
      return null;
    }
    long rank = adapter.get().rank();
    Parameter a = factor(scope, "lora_embedding_A", rank * embedding.rows(), rank);
    Parameter b = factor(scope, "lora_embedding_B", embedding.width() * rank, embedding.width());
    return new EmbeddingAdapter(a, b, rank, embedding.width());
  }

  /** A factor that is a linear's weight. */
  private Parameter linear(ModuleScope module, String name, long elements, long rows) {
    return factor(module, name, elements, rows, Trainable.Use.LINEAR);
  }

  /** A factor that is a parameter of its own. */
  private Parameter factor(ModuleScope module, String name, long elements, long rows) {
    return factor(module, name, elements, rows, Trainable.Use.OTHER);
  }

  private Parameter factor(
      ModuleScope module, String name, long elements, long rows, Trainable.Use use) {
    try (Scope frame = Scope.of(graph, module.library(name, CODE))) {
      return frame.result(parameters.adapterParameter(elements, rows, use));
    }
  }
}
