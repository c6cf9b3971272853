package dev.vramcast.core.job.framework;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.value.NamedBits;
import java.util.Optional;

/** A frozen base that a repository stores by GPTQ or AWQ, as its name says, and who loads it. */
public final class StoredBase {

  private StoredBase() {}

  /**
   * Whether a job trains adapters on such weights as they are stored; QLoRA's own 4 bits are made
   * of others.
   */
  public static boolean isLoadedBy(ResolvedJob job) {
    return job.frameworkCode().is(LayerCode.HOLDS_STORED)
        && isFrozen(job.method(), job.parallelism().strategy());
  }

  /** How they are held; empty where no name says it, or nothing is known that loads them. */
  static Optional<QuantizationScheme> of(PartialJob d) {
    // What most people do about strategies follows from the weights; Megatron is asked for.
    Strategy strategy = d.document().value(JobKey.STRATEGY, Strategy.class).orElse(Strategy.NONE);
    return d.always(LayerCode.HOLDS_STORED) && isFrozen(d.method(), strategy)
        ? d.document().text(JobKey.MODEL_ID).flatMap(NamedBits::scheme)
        : Optional.empty();
  }

  /**
   * Why a job on weights that are stored so is not modelled: its framework's loader keeps them as
   * they are and quantises nothing itself, and how its kernels train on them is not described.
   * Empty where it is modelled, or nothing says that they are stored so.
   */
  public static Optional<Gap> missing(PartialJob d) {
    if (!d.always(LayerCode.YIELDS_TO_STORED)) {
      return Optional.empty();
    }
    Optional<Gap> asked =
        Optional.of(d.scheme())
            .filter(QuantizationScheme::isPacked)
            .map(scheme -> Gap.value(JobKey.QUANTIZATION_SCHEME, scheme));
    return asked
        .or(
            () ->
                d.document()
                    .text(JobKey.MODEL_ID)
                    .filter(name -> NamedBits.scheme(name).isPresent())
                    .map(name -> Gap.value(JobKey.MODEL_ID, name)))
        .map(gap -> of(gap, d.get(JobKey.FRAMEWORK_NAME, String.class)));
  }

  private static Gap of(Gap gap, String framework) {
    return gap.and(" under ", JobKey.FRAMEWORK_NAME, " ", framework)
        .needs("it loads what GPTQ or AWQ stored as it is, never in 4 bits of its own")
        .modelled("the original model, or ", JobKey.FRAMEWORK_NAME, " trl");
  }

  private static boolean isFrozen(Method method, Strategy strategy) {
    return method.trainsAdapters() && method != Method.QLORA && strategy != Strategy.MEGATRON;
  }
}
