package dev.tunefit.core.memory.step;

import dev.tunefit.core.architecture.GatedMlp;
import dev.tunefit.core.architecture.Linear;
import dev.tunefit.core.architecture.MixtureOfExperts;
import dev.tunefit.core.memory.autograd.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Builds the modules of a mixture-of-experts block. */
record MixtureFactory(ModuleFactory modules, StepSettings settings) {

  /** Looped experts beyond this many are run several at once: the sums stay the same. */
  private static final int LOOPED_GROUPS = 8;

  /**
   * Families whose old per-expert target names PEFT rewrites to the stacked parameters
   * (peft/utils/transformers_weight_conversion.py); transformers conversion_mapping.py.
   */
  private static final Set<String> REWRITTEN =
      Set.of(
          "mixtral",
          "qwen2_moe",
          "qwen3_moe",
          "deepseek_v2",
          "deepseek_v3",
          "glm4_moe",
          "glm4_moe_lite",
          "olmoe",
          "ernie4_5_moe",
          "qwen3_next",
          "hunyuan_v1_moe");

  MixturePart mixture(MixtureOfExperts mixture) {
    boolean fused = settings.code().fusedExperts() || mixture.names().alwaysFused();
    Router router = router(mixture, fused);
    Experts experts = fused ? fused(mixture) : looped(mixture);
    GatedMlpPart shared = mixture.shared().map(this::gated).orElse(null);
    Projection sharedGate = mixture.sharedGate().map(modules::projection).orElse(null);
    return new MixturePart(router, experts, shared, sharedGate);
  }

  GatedMlpPart gated(GatedMlp mlp) {
    return new GatedMlpPart(
        settings,
        mlp.gateUp().stream().map(modules::projection).toList(),
        modules.projection(mlp.down()),
        mlp.activation());
  }

  private Router router(MixtureOfExperts mixture, boolean bare) {
    Linear linear = mixture.router();
    if (!bare) {
      return new Router(mixture, settings, modules.projection(linear), null);
    }
    Projection plain = modules.bareProjection(linear);
    boolean adapted = rewritten() && modules.targets(linear.name());
    MergedAdapter merged =
        adapted
            ? modules.mergedAdapter(
                ((DenseLinear) plain.base()).weight(), 1, 1, linear.in(), linear.out())
            : null;
    return new Router(mixture, settings, plain, merged);
  }

  private FusedExperts fused(MixtureOfExperts mixture) {
    long inner = (mixture.gated() ? 2 : 1) * mixture.intermediateSize();
    long hidden = mixture.hiddenSize();
    int experts = mixture.experts();
    Parameter up = modules.layerParameter("expert weights", experts * hidden * inner, experts);
    Parameter down =
        modules.layerParameter(
            "expert weights", experts * hidden * mixture.intermediateSize(), experts);
    Parameter upBias =
        mixture.expertBias() ? modules.layerParameter("biases", experts * inner, experts) : null;
    Parameter downBias =
        mixture.expertBias() ? modules.layerParameter("biases", experts * hidden, experts) : null;
    String path = mixture.names().block() + ".experts.0.";
    boolean upTarget = rewritten() && modules.targets(path + mixture.names().gate());
    boolean downTarget = rewritten() && modules.targets(path + mixture.names().down());
    int fusedParts = mixture.gated() ? 2 : 1;
    MergedAdapter upAdapter =
        upTarget ? modules.mergedAdapter(up, experts, fusedParts, hidden, inner) : null;
    MergedAdapter downAdapter =
        downTarget
            ? modules.mergedAdapter(down, experts, 1, mixture.intermediateSize(), hidden)
            : null;
    return new FusedExperts(mixture, settings, up, down, upBias, downBias, upAdapter, downAdapter);
  }

  private boolean rewritten() {
    return REWRITTEN.contains(settings.code().modelType());
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
    Linear gate = new Linear(path + names.gate(), hidden, inner, mixture.expertBias());
    Linear up = new Linear(path + names.up(), hidden, inner, mixture.expertBias());
    Linear down = new Linear(path + names.down(), inner, hidden, mixture.expertBias());
    return gated(new GatedMlp(List.of(gate, up), down, mixture.activation()));
  }
}
