package dev.vramcast.core.fit;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import java.util.Optional;

/**
 * A change of a job that saves memory.
 *
 * @param name what is done, e.g. {@code micro-batch 8 to 2, accumulation 1 to 4}
 * @param cost what it costs, in words
 * @param document the job with the change
 * @param card another card to run on; empty for the same
 */
public record Change(
    String name, Drawback drawback, String cost, JobDocument document, Optional<Gpu> card) {

  Change(String name, Drawback drawback, String cost, JobDocument document) {
    this(name, drawback, cost, document, Optional.empty());
  }

  /** What a change does to the run, the least first. */
  public enum Drawback {
    /** The same result, as fast. */
    NONE("none"),
    /** The same result, but slower. */
    TIME("time"),
    /** Less is left of the run, or known of it: checkpoints, merged weights, metrics. */
    RECORD("what is kept of the run"),
    /** Nearly the same result: arithmetic is coarser. */
    PRECISION("precision"),
    /** Less is trained. */
    CAPACITY("what is trained"),
    /** Less of each example is seen. */
    DATA("what is seen"),
    /** More or larger cards. */
    MONEY("money");

    private final String words;

    Drawback(String words) {
      this.words = words;
    }

    /** What suffers. */
    public String words() {
      return words;
    }
  }
}
