package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Images;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;

/** What must hold between the images of a job and the model that sees them. */
final class ImageChecks {

  private ImageChecks() {}

  static void check(Architecture architecture, ResolvedJob job) {
    if (!job.batch().hasImages()) {
      return;
    }
    Images images = job.batch().images();
    if (architecture.towers().isEmpty()) {
      throw InputError.about(JobKey.IMAGES)
          .isSet(images.count())
          .and(", but a ", architecture.modelType(), " model reads no images")
          .allowed("0")
          .refusal();
    }
    Encoder encoder =
        architecture
            .encoder()
            .orElseThrow(
                () ->
                    Gap.value(JobKey.IMAGES, images.count())
                        .and(" for ", architecture.modelType())
                        .refusal());
    ImageGrid.Parts parts =
        encoder
            .grid()
            .of(images.count(), images.size())
            .orElseThrow(
                () ->
                    Gap.value(JobKey.IMAGES, images.count())
                        .and(" without ", JobKey.IMAGE_SIZE)
                        .refusal());
    checkLength(images, parts, job);
  }

  private static void checkLength(Images images, ImageGrid.Parts parts, ResolvedJob job) {
    long tokens = (long) images.count() * parts.tokens();
    int length = job.batch().sequenceLength();
    if (tokens > length) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .isSet(length)
          .and(", but ", JobKey.IMAGES, " ", images.count(), " take ", tokens, " tokens")
          .allowed("at least " + tokens)
          .refusal();
    }
  }
}
