package dev.vramcast.sweep.product;

import dev.vramcast.core.job.document.JobDocument.Entry;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;

/** A key of the job document with the values that it takes in turn. */
public record Axis(JobKey key, List<Entry> values) {

  public Axis {
    values = List.copyOf(values);
  }
}
