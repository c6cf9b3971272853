package dev.vramcast.answers.memory;

import dev.vramcast.core.data.WorstBatch;
import dev.vramcast.core.job.option.Padding;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job's data make of its batches.
 *
 * @param padding how examples fill a batch; only with {@link Padding#LONGEST} do they differ
 */
public record DataReport(DataLengths data, Padding padding, WorstBatch batch) {

  /** Whether batches are as long as their longest example. */
  public boolean varies() {
    return padding == Padding.LONGEST;
  }

  /** Assumptions, one sentence each. */
  List<String> assumptions() {
    List<String> sentences = new ArrayList<>(data.assumptions());
    if (varies()) {
      sentences.add(
          "The examples of a batch are drawn at random; with group_by_length the long ones come"
              + " together.");
      sentences.add(
          "Each step is as long as the one before it; lengths that change fragment the"
              + " allocator's memory, so more may be reserved.");
    }
    return sentences;
  }
}
