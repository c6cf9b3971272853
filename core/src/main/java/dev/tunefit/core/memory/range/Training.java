package dev.tunefit.core.memory.range;

import dev.tunefit.core.job.Named;
import dev.tunefit.core.job.ResolvedJob;

/** What a job trains, as far as it decides which tensors there are. */
public enum Training implements Named {
  /** Weights of the model, all or some. */
  WEIGHTS("weights", "weights trained"),
  /** Adapters on a base as it is. */
  ADAPTERS("adapters", "adapters"),
  /** Adapters on a base that is stored in fewer bits. */
  QUANTISED("adapters-quantised", "adapters, quantised base");

  private final String label;
  private final String words;

  Training(String label, String words) {
    this.label = label;
    this.words = words;
  }

  static Training of(ResolvedJob job) {
    if (job.adapter().isEmpty()) {
      return WEIGHTS;
    }
    return job.quantization().isNone() ? ADAPTERS : QUANTISED;
  }

  @Override
  public String label() {
    return label;
  }

  String words() {
    return words;
  }
}
