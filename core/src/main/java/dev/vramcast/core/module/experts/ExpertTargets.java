package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.module.part.ModulePaths;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which targets of adapters PEFT moves to experts that are one parameter
 * (peft/utils/transformers_weight_conversion.py _convert_peft_config_moe).
 *
 * @param named all linears stand there by their names, as the framework finds them in the model
 */
public record ExpertTargets(Optional<AdapterSettings> adapter, boolean named) {

  /** Those of a job; PEFT moves those of LoRA alone. */
  public static ExpertTargets of(ResolvedJob job) {
    Optional<AdapterSettings> moved = job.adapter().filter(its -> its.form().isLora());
    boolean all = moved.filter(AdapterSettings::allLinear).isPresent();
    return new ExpertTargets(moved, all && job.frameworkCode().is(LayerCode.NAMES_LINEARS));
  }

  /** Whether experts have an adapter on the parameter of one of their projections. */
  public boolean reach(MixtureOfExperts mixture) {
    return Stream.of(mixture.names().gate(), mixture.names().down())
        .anyMatch(name -> reach(mixture, name));
  }

  /**
   * Whether a projection of experts is among the targets. Where linears are named, a shared expert
   * has to have one of that name; that the first layers may have one without is not looked at.
   */
  boolean reach(MixtureOfExperts mixture, String name) {
    if (named) {
      return mixture
          .shared()
          .filter(expert -> expert.linears().stream().anyMatch(l -> l.lastName().equals(name)))
          .isPresent();
    }
    String path = mixture.names().block() + ".experts.0." + name;
    return adapter
        .filter(its -> its.allLinear() || ModulePaths.isTarget(path, its.targets()))
        .isPresent();
  }
}
