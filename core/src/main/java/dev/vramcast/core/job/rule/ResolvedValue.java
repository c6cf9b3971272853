package dev.vramcast.core.job.rule;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;

/**
 * One value of a resolved job with its reason.
 *
 * @param value typed as the key's kind says, or {@link #LEFT_OPEN}
 * @param note one phrase: the place, the framework and its file, or the rule
 * @param place where the user said it; empty where nobody did
 */
public record ResolvedValue(
    JobKey key, Object value, Provenance provenance, String note, Optional<Place> place) {

  /** A value that nobody stated. */
  public ResolvedValue(JobKey key, Object value, Provenance provenance, String note) {
    this(key, value, provenance, note, Optional.empty());
  }

  /** What the user said. */
  static ResolvedValue stated(JobDocument.Entry entry) {
    return new ResolvedValue(
        entry.key(),
        entry.value(),
        Provenance.SET,
        entry.place().text(),
        Optional.of(entry.place()));
  }

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
