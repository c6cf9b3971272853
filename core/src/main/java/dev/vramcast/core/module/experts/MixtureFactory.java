package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.code.ExpertExecution;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.GatedMlpPart;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.ModulePaths;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds the modules of a mixture-of-experts block. */
public record MixtureFactory(ModuleFactory modules, StepSettings settings) {

  /** Looped experts beyond this many are run several at once: the sums stay the same. */
  private static final int LOOPED_GROUPS = 8;

  public LayerPart mixture(MixtureOfExperts mixture) {
    ExpertExecution execution = ExpertExecution.of(mixture, settings);
    if (execution == ExpertExecution.ALL) {
      return new AllExpertsPart(
          mixture,
          settings,
          modules.projection(mixture.router()),
          upStack(mixture),
          downStack(mixture),
          gated(mixture.shared().orElseThrow()));
    }
    boolean behind = settings.code().mixture().routerBehindExperts();
    Experts made = behind ? routed(mixture, execution) : null;
    // kt_kernel/sft/layer.py KTMoELayerWrapper makes a linear of a bare router.
    Router router = router(mixture, settings.code().mixture().bareRouter() && !onHost());
    if (mixture.tableRows() > 0) {
      modules.indexBuffer("experts of tokens", mixture.tableRows() * mixture.topK());
    }
    Experts experts = made == null ? routed(mixture, execution) : made;
    SharedMlp shared = mixture.shared().map(this::everywhere).orElse(null);
    Projection sharedGate = mixture.sharedGate().map(modules::projection).orElse(null);
    boolean sharedFirst = settings.code().mixture().runsSharedFirst();
    boolean scaled = settings.code().mixture().scalesExperts();
    int repeats = settings.code().mixture().repeatsTokens() ? mixture.topK() : 0;
    return new MixturePart(router, experts, shared, sharedFirst, sharedGate, repeats, scaled);
  }

  private Experts routed(MixtureOfExperts mixture, ExpertExecution execution) {
    return modules.routed(() -> experts(mixture, execution));
  }

  private SharedMlp everywhere(GatedMlp mlp) {
    String last = mlp.down().name();
    String path = last.substring(0, Math.max(0, last.lastIndexOf('.')));
    return new SharedMlp(modules.module().own(path, "MLP.forward"), gated(mlp));
  }

  public GatedMlpPart gated(GatedMlp mlp) {
    return new GatedMlpPart(
        settings,
        modules.projections(mlp.gateUp()),
        modules.projection(mlp.down()),
        mlp.norm().map(modules::norm).orElse(null),
        mlp.activation(),
        mlp.inner(),
        mlp.sparse());
  }

  private Router router(MixtureOfExperts mixture, boolean bare) {
    boolean wide = settings.code().mixture().keepsRouterInFp32();
    Linear linear = wide ? mixture.router().inFp32() : mixture.router();
    if (!bare) {
      return new Router(mixture, settings, modules.projection(linear), null);
    }
    Projection plain = modules.bareProjection(linear);
    Parameter weight = ((DenseLinear) plain.base()).weight();
    boolean moves = ExpertTargets.of(settings.job()).adapter().isPresent();
    boolean adapted = rewritten() && moves && modules.targets(linear.name());
    MergedAdapter merged =
        adapted
            ? modules.mergedAdapter(
                weight.module(), weight.dtype(), 1, 1, linear.in(), linear.out())
            : null;
    return new Router(mixture, settings, plain, merged);
  }

  private boolean onHost() {
    return settings.job().parallelism().expertsOnHost().isPresent();
  }

  private Experts experts(MixtureOfExperts mixture, ExpertExecution execution) {
    if (onHost()) {
      return new HostExperts(mixture, settings);
    }
    if (settings.job().quantization().readsPacked()) {
      return scattered(mixture);
    }
    if (settings.job().quantization().scheme().ofStacksAlone()) {
      return snapped(mixture);
    }
    return switch (execution) {
      case ALL -> throw new IllegalArgumentException("no token chooses its experts");
      case SPLIT -> new SplitExperts(mixture, settings, up(mixture, 1), down(mixture, 1));
      case LOOPED -> looped(mixture);
      case GROUPED -> called(mixture);
      case SLICED -> sliced(mixture);
    };
  }

  private static long innerFeatures(MixtureOfExperts mixture) {
    return (mixture.gated() ? 2 : 1) * mixture.intermediateSize();
  }

  private Parameter up(MixtureOfExperts mixture, int uses) {
    return stacked(mixture, innerFeatures(mixture), mixture.hiddenSize(), uses);
  }

  private Parameter down(MixtureOfExperts mixture, int uses) {
    return stacked(mixture, mixture.intermediateSize(), mixture.intermediateSize(), uses);
  }

  /**
   * A parameter of all experts.
   *
   * @param uses as {@link ModuleFactory#stackedParameter} has it
   */
  private Parameter stacked(MixtureOfExperts mixture, long width, long last, int uses) {
    int experts = mixture.experts();
    long elements = experts * mixture.hiddenSize() * width;
    return modules.stackedParameter("expert weights", elements, experts, last, uses);
  }

  /** Stacks are parameters of a module of their own, which the block calls. */
  private Experts called(MixtureOfExperts mixture) {
    ModuleScope scope =
        modules
            .module()
            .library(
                mixture.names().block() + ".experts",
                "transformers/integrations/moe.py grouped_mm_experts_forward");
    return new CalledExperts(scope, modules.site().within(scope, () -> grouped(mixture)));
  }

  private FusedExperts grouped(MixtureOfExperts mixture) {
    long inner = innerFeatures(mixture);
    long hidden = mixture.hiddenSize();
    ExpertStack up = upStack(mixture);
    ExpertStack down = downStack(mixture);
    Parameter upBias = bias(mixture, inner);
    Parameter downBias = bias(mixture, hidden);
    int fusedParts = mixture.gated() ? 2 : 1;
    MergedAdapter upAdapter =
        isTarget(mixture, mixture.names().gate())
            ? adapter(mixture, up, fusedParts, hidden, inner)
            : isNamed(mixture.upParameter()) ? adapter(mixture, up, 1, hidden, inner) : null;
    MergedAdapter downAdapter =
        isTarget(mixture, mixture.names().down()) || isNamed(mixture.downParameter())
            ? adapter(mixture, down, 1, mixture.intermediateSize(), hidden)
            : null;
    return new FusedExperts(mixture, settings, up, down, upBias, downBias, upAdapter, downAdapter);
  }

  /** Whether mixtures in NVFP4 are of the kind that is described. */
  public static boolean snaps(List<MixtureOfExperts> mixtures, StepSettings settings) {
    return !mixtures.isEmpty() && mixtures.stream().allMatch(mixture -> snaps(mixture, settings));
  }

  private static boolean snaps(MixtureOfExperts mixture, StepSettings settings) {
    boolean moved =
        settings.code().rewritesExpertTargets() && ExpertTargets.of(settings.job()).reach(mixture);
    return mixture.gated()
        && !mixture.expertBias()
        && !moved
        && ExpertExecution.of(mixture, settings) == ExpertExecution.GROUPED
        && (settings.job().quantization().readsPacked()
            ? fused(mixture, settings)
            : mixture.activation() == Activation.SILU);
  }

  /**
   * axolotl scattermoe_lora/cutlass_fp4/swiglu.py has kernels for both; without adapters on both
   * stacks experts are made whole (experts.py scattermoe_experts_forward).
   */
  private static boolean fused(MixtureOfExperts mixture, StepSettings settings) {
    boolean kernel =
        mixture.activation() == Activation.SILU || mixture.activation() == Activation.GELU_TANH;
    return kernel
        && isNamed(mixture.upParameter(), settings)
        && isNamed(mixture.downParameter(), settings);
  }

  private ScatteredExperts scattered(MixtureOfExperts mixture) {
    long hidden = mixture.hiddenSize();
    MergedAdapter up = packed(mixture, mixture.upParameter(), hidden, innerFeatures(mixture));
    MergedAdapter down =
        packed(mixture, mixture.downParameter(), mixture.intermediateSize(), hidden);
    return new ScatteredExperts(
        mixture, settings, Objects.requireNonNull(up), Objects.requireNonNull(down));
  }

  private SnappedExperts snapped(MixtureOfExperts mixture) {
    long inner = innerFeatures(mixture);
    long hidden = mixture.hiddenSize();
    long down = mixture.intermediateSize();
    return new SnappedExperts(
        mixture,
        settings,
        packed(mixture, mixture.upParameter(), hidden, inner),
        packed(mixture, mixture.downParameter(), down, hidden));
  }

  /** Puts a packed stack into memory, with its adapter; null where it has none. */
  private @Nullable MergedAdapter packed(
      MixtureOfExperts mixture, String parameter, long in, long out) {
    int experts = mixture.experts();
    modules.packedStack(experts * in * out, experts);
    DataType dtype = settings.job().weightDtype();
    return isNamed(parameter)
        ? modules.mergedAdapter(modules.module(), dtype, experts, 1, in, out)
        : null;
  }

  private boolean isTarget(MixtureOfExperts mixture, String name) {
    return rewritten()
        && ExpertTargets.of(settings.job()).reach(mixture, name)
        && modules.targets(mixture.names().block() + ".experts.0." + name);
  }

  private boolean isNamed(String parameter) {
    return isNamed(parameter, settings);
  }

  private static boolean isNamed(String parameter, StepSettings settings) {
    return settings
        .job()
        .adapter()
        .filter(adapter -> ModulePaths.isTarget(parameter, adapter.targetParameters()))
        .isPresent();
  }

  private MergedAdapter adapter(
      MixtureOfExperts mixture, ExpertStack stack, int rankFactor, long in, long out) {
    return modules.mergedAdapter(
        stack.module(), stack.dtype(), mixture.experts(), rankFactor, in, out);
  }

  private ExpertStack upStack(MixtureOfExperts mixture) {
    return stack(mixture, innerFeatures(mixture), mixture.hiddenSize());
  }

  private ExpertStack downStack(MixtureOfExperts mixture) {
    return stack(mixture, mixture.intermediateSize(), mixture.intermediateSize());
  }

  private ExpertStack stack(MixtureOfExperts mixture, long width, long last) {
    if (!settings.job().quantization().experts()) {
      return new ExpertStack.Plain(stacked(mixture, width, last, 1));
    }
    long elements = mixture.experts() * mixture.hiddenSize() * width;
    if (settings.job().quantization().scheme() == QuantizationScheme.INT8) {
      modules.quantisedRows(elements, last);
      return new ExpertStack.EightBit(modules.module(), elements);
    }
    long scratch = modules.quantisedStack(elements);
    return new ExpertStack.FourBit(
        modules.module(), elements, scratch, settings.job().weightDtype());
  }

  private SlicedExperts sliced(MixtureOfExperts mixture) {
    long inner = innerFeatures(mixture);
    boolean apart = !mixture.names().gate().equals(mixture.names().up());
    int uses = settings.code().mixture().chunksExperts() ? 1 : mixture.experts();
    return new SlicedExperts(
        mixture,
        settings,
        apart ? List.of(down(mixture, uses), down(mixture, uses)) : List.of(up(mixture, uses)),
        down(mixture, uses),
        bias(mixture, inner),
        bias(mixture, mixture.hiddenSize()));
  }

  private @Nullable Parameter bias(MixtureOfExperts mixture, long width) {
    return mixture.expertBias()
        ? modules.stackedBiases(mixture.experts() * width, mixture.experts())
        : null;
  }

  private boolean rewritten() {
    return settings.code().rewritesExpertTargets();
  }

  private LoopedExperts looped(MixtureOfExperts mixture) {
    int groups = Math.min(mixture.experts(), LOOPED_GROUPS);
    List<GatedMlpPart> experts = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      int count = (mixture.experts() + i) / groups;
      modules.stacked(count, () -> experts.add(expert(mixture)));
    }
    return new LoopedExperts(mixture, settings, experts);
  }

  private GatedMlpPart expert(MixtureOfExperts mixture) {
    MixtureOfExperts.ExpertNames names = mixture.names();
    String path = names.block() + ".experts.0.";
    long hidden = mixture.hiddenSize();
    long inner = mixture.intermediateSize();
    // Lists of linears in the place of one parameter, gate_up_projs, whose names no target has.
    String number = names.alwaysFused() ? "s.0" : "";
    Linear gate = new Linear(path + names.gate() + number, hidden, inner, mixture.expertBias());
    Linear up = new Linear(path + names.up() + number, hidden, inner, mixture.expertBias());
    Linear down = new Linear(path + names.down() + number, inner, hidden, mixture.expertBias());
    return gated(new GatedMlp(List.of(gate, up), down, activation(mixture)));
  }

  /**
   * A clamped SwiGLU of linears is one compiled function, which keeps what SiLU and the product do
   * (unsloth_zoo/temporary_patches/gpt_oss.py swiglu_torch_forward).
   */
  private static Activation activation(MixtureOfExperts mixture) {
    boolean clamped = mixture.activation() == Activation.CLAMPED_SWIGLU;
    return clamped ? Activation.SILU : mixture.activation();
  }
}
