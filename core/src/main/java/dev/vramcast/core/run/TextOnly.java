package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import java.util.Optional;

/** A step on text alone of a model that takes in more than text. */
public enum TextOnly {
  /** Images that the model reads are counted where a job has them. */
  WITHOUT_IMAGES,

  /** The same of sound. */
  WITHOUT_SOUND,

  /** The same of both. */
  WITHOUT_IMAGES_AND_SOUND,

  /** What the model takes in beside text is not modelled, or is no image. */
  WITHOUT_OTHERS;

  /** What the job leaves out; empty where the model reads text alone, or all its parts run. */
  public static Optional<TextOnly> of(Architecture architecture, ResolvedJob job) {
    if (architecture.towers().isEmpty() || job.batch().hasOthers() || architecture.hears()) {
      return Optional.empty();
    }
    boolean looks = architecture.encoder().isPresent();
    boolean listens = architecture.listener().isPresent();
    TextOnly oneSense = looks ? WITHOUT_IMAGES : listens ? WITHOUT_SOUND : WITHOUT_OTHERS;
    return Optional.of(looks && listens ? WITHOUT_IMAGES_AND_SOUND : oneSense);
  }
}
