package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;

/** What a trainer of a stage does with whole logits, and when it scores. */
public enum StageHabit implements Named {
  /** Logits are made of the labelled end of each sequence alone ({@code logits_to_keep}). */
  KEEPS_LABELLED("keeps labelled logits"),

  /** Nothing is read of the logits once log-probabilities are made, and nobody gets them. */
  DROPS_LOGITS("drops logits"),

  /** Logits are divided by the temperature in their place. */
  SCALES_IN_PLACE("scales logits in place"),

  /** Generated completions are scored by the policy whether it will have changed or not. */
  SCORES_ALWAYS("scores always"),

  /** Student and teacher run past the autocast around the prepared models. */
  DISTILS_PAST_AUTOCAST("distils past autocast");

  private final String label;

  StageHabit(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
