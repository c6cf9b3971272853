package dev.vramcast.core.job.rule;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Optional;

/** Whether a sequence has an image where nobody says how many, but how large they are. */
final class StatedImageSize {

  private StatedImageSize() {}

  /** A size is stated, the model reads images, and one of that size leaves room for text. */
  static boolean impliesImage(PartialJob d) {
    if (!d.isSet(JobKey.IMAGE_SIZE) || d.isSet(JobKey.IMAGES)) {
      return false;
    }
    List<?> sides = d.list(JobKey.IMAGE_SIZE, Integer.class);
    ImageGrid.Size size = new ImageGrid.Size((Integer) sides.get(0), (Integer) sides.get(1));
    Optional<Integer> tokens =
        d.model()
            .filter(model -> !model.hears())
            .flatMap(Architecture::encoder)
            .flatMap(encoder -> encoder.grid().of(1, Optional.of(size)))
            .map(ImageGrid.Parts::tokens);
    return tokens.filter(each -> each < d.whole(JobKey.SEQUENCE_LENGTH)).isPresent();
  }
}
