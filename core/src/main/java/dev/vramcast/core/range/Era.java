package dev.vramcast.core.range;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.units.Version;

/**
 * Of which age the code of a job is, by the releases of Transformers at which what a step holds
 * changed for every model: {@code loss/loss_utils.py} since 4.46 widens logits in the loss instead
 * of in each model's forward pass, and 5.0 loads and quantises through {@code core_model_loading}.
 */
public enum Era implements Named {
  BEFORE_4_46("before-4.46", "before Transformers 4.46"),
  SINCE_4_46("4.46", "Transformers 4.46 to 4.57"),
  SINCE_5("5", "Transformers 5");

  private final String label;
  private final String words;

  Era(String label, String words) {
    this.label = label;
    this.words = words;
  }

  static Era of(ResolvedJob job) {
    Version transformers = job.framework().transformers();
    if (transformers.atLeast(5, 0)) {
      return SINCE_5;
    }
    return transformers.atLeast(4, 46) ? SINCE_4_46 : BEFORE_4_46;
  }

  @Override
  public String label() {
    return label;
  }

  String words() {
    return words;
  }
}
