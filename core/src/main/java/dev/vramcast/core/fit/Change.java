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
    NONE,
    /** The same result, but slower. */
    TIME,
    /** Less is left of the run, or known of it: checkpoints, merged weights, metrics. */
    RECORD,
    /** Nearly the same result: arithmetic is coarser. */
    PRECISION,
    /** Less is trained. */
    CAPACITY,
    /** Less of each example is seen. */
    DATA,
    /** More or larger cards. */
    MONEY
  }
}
