package dev.vramcast.answers.max;

import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.fit.Maximum.Values;
import dev.vramcast.core.fit.SizesBesideText;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;

/** Which images, and which lengths of sound, are searched. */
final class LargestImage {

  private LargestImage() {}

  /** The document with an image, where it does not say how many there are. */
  static JobDocument withImage(JobDocument document) {
    return document.has(JobKey.IMAGES)
        ? document
        : document.with(JobKey.IMAGES, 1, new Place.Chosen("an image is sought"));
  }

  /**
   * Seconds of sound.
   *
   * @param longest no sequence is longer
   */
  static Values seconds(RequestedJob settled, int longest) {
    ResolvedJob job = settled.resolution().job();
    Architecture architecture = settled.model().architecture();
    Encoder listener =
        architecture
            .listener()
            .orElseThrow(
                () ->
                    InputError.about(Sought.SOUND.parameter())
                        .and(
                            " has nothing to look for: no length of sound is known to matter to a ")
                        .and(architecture.modelType(), " model")
                        .kind(ErrorKind.NO_MATCH)
                        .refusal());
    SizesBesideText sizes = new SizesBesideText(listener.grid(), 1);
    return room(sizes.values(job.batch().sequenceLength(), longest), job, longest, "sound");
  }

  /** Refused where there is none beside the text. */
  private static Values room(Values values, ResolvedJob job, int longest, String what) {
    if (values.count() == 0) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .isSet(job.batch().sequenceLength())
          .and(", beside which no ", what, " has room in the ", longest)
          .and(" positions of the model")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    return values;
  }

  /**
   * Sides of square images.
   *
   * @param longest no sequence is longer
   */
  static Values values(RequestedJob settled, int longest) {
    ResolvedJob job = settled.resolution().job();
    int images = job.batch().images().count();
    Architecture architecture = settled.model().architecture();
    if (architecture.towers().isEmpty() || architecture.hears()) {
      throw InputError.about(Sought.IMAGE.parameter())
          .and(" has nothing to look for: a ", architecture.modelType(), " model reads no images")
          .kind(ErrorKind.NO_MATCH)
          .refusal();
    }
    if (images == 0) {
      throw InputError.about(Sought.IMAGE.parameter())
          .kind(ErrorKind.MISSING)
          .and(" needs ", JobKey.IMAGES)
          .allowed("at least 1")
          .refusal();
    }
    Optional<Encoder> encoder = architecture.encoder();
    if (encoder.isEmpty()) {
      // Any value will do: the job itself is answered with what is not modelled of it.
      return Values.upTo(JobKey.MICRO_BATCH, 1);
    }
    SizesBesideText sides = new SizesBesideText(encoder.orElseThrow().grid(), images);
    String type = architecture.modelType();
    if (!sides.matter()) {
      throw InputError.about(Sought.IMAGE.parameter())
          .and(" has nothing to look for: all square images are the same to a ", type, " model")
          .kind(ErrorKind.NO_MATCH)
          .refusal();
    }
    return room(sides.values(job.batch().sequenceLength(), longest), job, longest, "image");
  }
}
