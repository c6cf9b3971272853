package dev.vramcast.core.job.rule;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.document.JobKey;

/** Into how many pieces the tokens of a sequence are cut for an MLP where nobody says. */
public final class MlpTiles {

  private MlpTiles() {}

  /** Pieces with as many tokens as the model has features; one where no model is known. */
  public static Object asLongAsWide(PartialJob d) {
    long width = d.model().map(Architecture::hiddenSize).orElse(Long.MAX_VALUE);
    return ofTokens(d, width);
  }

  /** Pieces of at most so many tokens of what a rank has of a sequence. */
  public static Object ofTokens(PartialJob d, long most) {
    int ranks = d.whole(JobKey.CONTEXT);
    long tokens = ((long) d.whole(JobKey.SEQUENCE_LENGTH) + ranks - 1) / ranks;
    return (int) Math.max(1, (tokens - 1) / most + 1);
  }
}
