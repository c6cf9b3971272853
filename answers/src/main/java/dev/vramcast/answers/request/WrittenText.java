package dev.vramcast.answers.request;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Profile;
import java.util.Optional;

/** How long the text is that a model writes after the one that it reads, where nobody says. */
public final class WrittenText {

  /** {@code max_target_length} of Transformers' run_summarization.py and run_translation.py. */
  private static final int USUAL = 128;

  private static final Place ORIGIN =
      new Place.Chosen("max_target_length of Transformers' run_summarization.py");

  private WrittenText() {}

  /** The job with the usual length where it trains as most people do and says none. */
  public static JobDocument known(JobDocument document, Architecture architecture) {
    boolean usual =
        document.value(JobKey.PROFILE, Profile.class).equals(Optional.of(Profile.RECOMMENDED))
            && document.value(JobKey.STAGE, Stage.class).orElse(Stage.SFT) == Stage.SFT;
    return usual && architecture.readsText() && !document.has(JobKey.COMPLETION_LENGTH)
        ? document.with(JobKey.COMPLETION_LENGTH, USUAL, ORIGIN)
        : document;
  }

  /** That it was taken; empty where the job says how long the text is. */
  public static Optional<Notice> notice(JobDocument document) {
    return document.place(JobKey.COMPLETION_LENGTH).filter(ORIGIN::equals).isPresent()
        ? Optional.of(
            Notice.of(
                JobKey.COMPLETION_LENGTH,
                " is missing: the model is taken to write ",
                USUAL,
                " tokens after those that it reads, as run_summarization.py has it"))
        : Optional.empty();
  }
}
