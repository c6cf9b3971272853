package dev.vramcast.formats.write;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.Resolution;
import java.util.Optional;

/**
 * The job that a training file is to say.
 *
 * @param model id on the Hub, or a path
 * @param document what the user said
 * @param resolution the job that was estimated
 * @param kept what the file says beside it that the job was read from
 * @param layers the classes of layers, with commas between them, where FSDP of accelerate has to be
 *     told what to divide
 */
public record TrainingJob(
    String model, JobDocument document, Resolution resolution, Kept kept, Optional<String> layers) {

  /** A job that was read from no training file. */
  public TrainingJob(String model, JobDocument document, Resolution resolution) {
    this(model, document, resolution, Kept.NONE, Optional.empty());
  }
}
