package dev.vramcast.answers.request;

import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.Resolution;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job with its model and card.
 *
 * @param document what the user said, with the number of GPUs and the length of a sequence
 * @param study the lengths of its examples, where the job says them
 * @param warnings what is to be known of it
 */
public record RequestedJob(
    LocatedModel model,
    Optional<Gpu> gpu,
    JobDocument document,
    Resolution resolution,
    Optional<DataStudy> study,
    List<Notice> warnings) {

  public RequestedJob {
    warnings = List.copyOf(warnings);
  }

  /** The same with one more thing to be known of it. */
  public RequestedJob warned(Notice notice) {
    return new RequestedJob(
        model,
        gpu,
        document,
        resolution,
        study,
        Stream.concat(warnings.stream(), Stream.of(notice)).toList());
  }
}
