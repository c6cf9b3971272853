package dev.vramcast.core.job.rule;

import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;

/**
 * One value of a resolved job with its reason.
 *
 * @param value typed as the key's kind says, or {@link #LEFT_OPEN}
 * @param note one phrase: the place, the framework and its file, or the rule
 */
public record ResolvedValue(JobKey key, Object value, Provenance provenance, String note) {

  /** The value of a key that stays without one because another value decides. */
  public static final String LEFT_OPEN = "-";

  public boolean isLeftOpen() {
    return LEFT_OPEN.equals(value);
  }

  /** The value as one would write it in a job document. */
  public String text() {
    return Shown.value(value);
  }
}
