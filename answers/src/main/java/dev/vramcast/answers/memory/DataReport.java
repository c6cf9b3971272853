package dev.vramcast.answers.memory;

import dev.vramcast.core.data.WorstBatch;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.document.JobKey;
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

  /** What is taken for granted. */
  List<Remark> assumptions() {
    List<Remark> remarks = new ArrayList<>(data.assumptions());
    if (varies()) {
      remarks.add(
          Remark.about(
              JobKey.PADDING,
              "The examples of a batch are drawn at random; with group_by_length the long ones come"
                  + " together."));
      remarks.add(
          Remark.about(
              JobKey.PADDING,
              "Each step is as long as the one before it; lengths that change fragment the"
                  + " allocator's memory, so more may be reserved."));
    }
    return remarks;
  }
}
