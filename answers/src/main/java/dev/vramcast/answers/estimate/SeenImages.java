package dev.vramcast.answers.estimate;

import dev.vramcast.answers.request.SequenceLength;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import java.util.List;
import java.util.Optional;

/**
 * A job that says how large images are and not how many: one is in each example, where the model
 * sees and the sequence holds it.
 *
 * @param document with the image
 * @param notice that it is taken for granted
 */
record SeenImages(JobDocument document, Notice notice) {

  private static final Place ONE = new Place.Chosen("one image of the size that is said");

  /** The job with its image; empty where it has none, or says how many. */
  static Optional<SeenImages> in(JobDocument job, Architecture architecture) {
    boolean supervised = job.value(JobKey.STAGE, Stage.class).orElse(Stage.SFT) == Stage.SFT;
    if (job.has(JobKey.IMAGES) || !supervised || architecture.hears()) {
      return Optional.empty();
    }
    Optional<ImageGrid.Size> size = job.value(JobKey.IMAGE_SIZE, List.class).map(SeenImages::size);
    int length = job.value(JobKey.SEQUENCE_LENGTH, Integer.class).orElse(SequenceLength.USUAL);
    return size.filter(
            said ->
                architecture
                    .encoder()
                    .flatMap(encoder -> encoder.grid().of(1, Optional.of(said)))
                    .filter(parts -> parts.tokens() < length)
                    .isPresent())
        .map(said -> new SeenImages(job.with(JobKey.IMAGES, 1, ONE), notice(job, said)));
  }

  private static ImageGrid.Size size(List<?> sides) {
    return new ImageGrid.Size((Integer) sides.get(0), (Integer) sides.get(1));
  }

  private static Notice notice(JobDocument job, ImageGrid.Size size) {
    return job.about(JobKey.IMAGE_SIZE, " is ", size.width() + "x" + size.height())
        .and(": one image of that size is counted in each example; ")
        .and(JobKey.IMAGES, " says how many there are");
  }
}
