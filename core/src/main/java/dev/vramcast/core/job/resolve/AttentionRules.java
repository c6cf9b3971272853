package dev.vramcast.core.job.resolve;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.Version;

/** Which attention a job asks for. */
final class AttentionRules {

  private AttentionRules() {}

  /**
   * The attention of a job.
   *
   * @throws dev.vramcast.core.input.InputException where it is SDPA, asked for by name, of a model
   *     whose class in Transformers has none: {@code _supports_sdpa}
   *     (src/transformers/modeling_utils.py _sdpa_can_dispatch; since 4.36). By default such a
   *     model runs what is written in Python.
   */
  static AttentionKernel kernel(PartialJob d, FrameworkCode code) {
    boolean asked = d.isSet(JobKey.ATTENTION, AttentionKernel.SDPA);
    if (asked && dispatches(code) && d.transformersAtLeast(4, 36)) {
      d.model().ifPresent(model -> check(d, model));
    }
    return d.get(JobKey.ATTENTION, AttentionKernel.class);
  }

  /** What rewrites models' code, as Unsloth does, chooses their attention itself. */
  private static boolean dispatches(FrameworkCode code) {
    return !code.hasOwnModels() && !code.is(LossCode.REWRITES);
  }

  private static void check(PartialJob d, Architecture model) {
    Version release = d.version(JobKey.TRANSFORMERS_VERSION);
    Versions having = model.traits().attention().kernels().sdpa();
    // Code beside the weights says itself what it has.
    if (model.traits().source().classes().remote() || having.contains(release)) {
      return;
    }
    throw d.given(JobKey.ATTENTION)
        .kind(ErrorKind.CONTRADICTION)
        .but("the class of ", model.modelType(), " in Transformers ", release)
        .and(" \"does not support an attention implementation through")
        .and(" torch.nn.functional.scaled_dot_product_attention\"")
        .allowed(AttentionKernel.EAGER)
        .refusal();
  }
}
