package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import java.util.Optional;

/** Most of a base that is quantised by name only. */
public enum Unquantised {
  /** Experts that are one parameter for all of them, which has no linear layer to be replaced. */
  EXPERTS("Its experts are one parameter, which this job does not quantise."),

  /** Linear layers whose class is the model's own. */
  LINEARS(
      "Its linear layers are of a class of the model's own, which this Transformers leaves"
          + " unquantised.");

  private final String sentence;

  Unquantised(String sentence) {
    this.sentence = sentence;
  }

  /** What it is, for people. */
  public String sentence() {
    return sentence;
  }

  /** What stays as it is though the job quantises the base; empty where nothing of size does. */
  public static Optional<Unquantised> of(Architecture architecture, ResolvedJob job) {
    if (job.quantization().isNone()) {
      return Optional.empty();
    }
    if (leavesLinears(architecture, job)) {
      return Optional.of(LINEARS);
    }
    return leavesExperts(architecture, job) ? Optional.of(EXPERTS) : Optional.empty();
  }

  /** Whether the model's code, of the job's version, has its experts in one parameter. */
  static boolean stacksExperts(Architecture architecture, ResolvedJob job) {
    return architecture.traits().experts().stacked().contains(job.framework().transformers())
        || architecture.mixtures().stream().anyMatch(mixture -> mixture.names().alwaysFused());
  }

  /** Whether its experts stay as they are though the rest of the base is quantised, or were. */
  public static boolean leavesExperts(Architecture architecture, ResolvedJob job) {
    return !architecture.mixtures().isEmpty()
        && stacksExperts(architecture, job)
        && !job.quantization().experts()
        && !job.frameworkCode().is(LayerCode.QUANTISES_EXPERTS);
  }

  private static boolean leavesLinears(Architecture architecture, ResolvedJob job) {
    return job.quantization().byBitsandbytes()
        && !new StepSettings(job, architecture.traits()).code().quantisesLinears();
  }
}
