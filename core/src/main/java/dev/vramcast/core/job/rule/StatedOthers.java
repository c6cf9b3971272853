package dev.vramcast.core.job.rule;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.SoundGrid;
import dev.vramcast.core.job.Images;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Optional;

/** What a sequence has beside text. */
public final class StatedOthers {

  private StatedOthers() {}

  /**
   * Whether a sequence has an image where nobody says how many: a size is stated, the model reads
   * images, and one of that size leaves room for text.
   */
  static boolean impliesImage(PartialJob d) {
    if (!d.isSet(JobKey.IMAGE_SIZE) || d.isSet(JobKey.IMAGES)) {
      return false;
    }
    Optional<Integer> tokens =
        d.model()
            .filter(model -> !model.hears())
            .flatMap(Architecture::encoder)
            .flatMap(encoder -> encoder.grid().of(1, size(d)))
            .map(ImageGrid.Parts::tokens);
    return tokens.filter(each -> each < d.whole(JobKey.SEQUENCE_LENGTH)).isPresent();
  }

  /** The images of a sequence. */
  public static Images images(PartialJob d) {
    int count = d.whole(JobKey.IMAGES);
    return count == 0 ? Images.NONE : new Images(count, size(d));
  }

  private static Optional<ImageGrid.Size> size(PartialJob d) {
    return d.find(JobKey.IMAGE_SIZE, List.class)
        .map(sides -> new ImageGrid.Size((Integer) sides.get(0), (Integer) sides.get(1)));
  }

  /**
   * The sound of a sequence, of which nothing depends on the length where a model hears a segment
   * in any case.
   */
  public static Images sound(PartialJob d) {
    double seconds = d.get(JobKey.AUDIO_SECONDS, Double.class);
    boolean whole = d.model().filter(each -> each.hears() && !each.readsText()).isPresent();
    boolean none = seconds == 0 || whole;
    return none ? Images.NONE : new Images(1, Optional.of(SoundGrid.size(seconds)));
  }
}
