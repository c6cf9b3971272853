package dev.vramcast.core.job.framework;

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

  private static boolean isFrozen(Method method, Strategy strategy) {
    return method.trainsAdapters() && method != Method.QLORA && strategy != Strategy.MEGATRON;
  }
}
