package dev.vramcast.core.fit;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Sets keys of a document on the way to a job that fits. */
final class Edit {

  /** Where a value that was changed comes from. */
  static final Place ORIGIN = new Place.Chosen("changed to fit");

  private JobDocument document;

  private Edit(JobDocument document) {
    this.document = document;
  }

  static Edit of(FitCheck job) {
    return new Edit(job.document());
  }

  Edit set(JobKey key, Object value) {
    document = document.with(key, value, ORIGIN);
    return this;
  }

  Edit without(JobKey key) {
    document = document.without(List.of(key));
    return this;
  }

  JobDocument done() {
    return document;
  }

  /** A change for each half of a number, half of that, and so on down to the least. */
  static List<Change> halves(int now, int least, IntFunction<Change> change) {
    return IntStream.iterate(now / 2, half -> half >= least, half -> half / 2)
        .mapToObj(change)
        .toList();
  }
}
