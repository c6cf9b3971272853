package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;

/** Experts that are one parameter for all of them, which has no linear layer to be quantised. */
public final class StackedExperts {

  private StackedExperts() {}

  /** Whether the base is quantised and most of it, the experts, is not. */
  public static boolean stayUnquantised(Architecture architecture, ResolvedJob job) {
    return !job.quantization().isNone()
        && !architecture.mixtures().isEmpty()
        && are(architecture, job)
        && !job.quantization().experts()
        && !job.frameworkCode().layers().quantisesExperts();
  }

  /** Whether the model's code, of the job's version, has them in one parameter. */
  static boolean are(Architecture architecture, ResolvedJob job) {
    return architecture.traits().experts().stacked().contains(job.framework().transformers())
        || architecture.mixtures().stream().anyMatch(mixture -> mixture.names().alwaysFused());
  }
}
