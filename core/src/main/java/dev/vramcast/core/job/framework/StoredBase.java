package dev.vramcast.core.job.framework;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.value.NamedBits;
import java.util.Optional;
import java.util.Set;

/** A frozen base that a repository stores by GPTQ or AWQ, as its name says, and who loads it. */
public final class StoredBase {

  /**
   * Their models are those of {@code from_pretrained}, which holds such weights as they are stored
   * (transformers/quantizers/auto.py). Of trainers with models or loaders of their own it is not
   * known.
   */
  private static final Set<String> LOADERS =
      Set.of("transformers", "peft", "trl", "axolotl", "llama-factory", "ms-swift");

  private StoredBase() {}

  /**
   * Whether a job trains adapters on such weights as they are stored; QLoRA's own 4 bits are made
   * of others.
   */
  public static boolean isLoadedBy(ResolvedJob job) {
    return isLoaded(job.framework().name(), job.method(), job.parallelism().strategy());
  }

  /** How they are held; empty where no name says it, or nothing is known that loads them. */
  static Optional<QuantizationScheme> of(PartialJob d) {
    // What most people do about strategies follows from the weights; Megatron is asked for.
    Strategy strategy = d.document().value(JobKey.STRATEGY, Strategy.class).orElse(Strategy.NONE);
    return isLoaded(d.get(JobKey.FRAMEWORK_NAME, String.class), d.method(), strategy)
        ? d.document().text(JobKey.MODEL_ID).flatMap(NamedBits::scheme)
        : Optional.empty();
  }

  private static boolean isLoaded(String framework, Method method, Strategy strategy) {
    return method.trainsAdapters()
        && method != Method.QLORA
        && strategy != Strategy.MEGATRON
        && LOADERS.contains(Frameworks.canonical(framework));
  }
}
