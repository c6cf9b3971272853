package dev.vramcast.answers.request;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Profile;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which settings hold that nobody gives: those of most people where single settings are all that is
 * said, and the defaults of the document or of the framework where a file describes the job.
 */
public final class ProfileChoice {

  private static final Place ENCODERS = new Place.Chosen("what most train such a model as");

  private ProfileChoice() {}

  /** A job of files with what is said over them. */
  public static JobDocument of(JobBase base, JobDocument over) {
    JobDocument document = base.under(over);
    return base.isEmpty() ? ofSettings(document) : with(document, Profile.BARE, "a file is given");
  }

  /** A job of single settings: flags, fields or columns. */
  public static JobDocument ofSettings(JobDocument document) {
    return with(document, Profile.RECOMMENDED, "no file is given");
  }

  private static JobDocument with(JobDocument document, Profile profile, String why) {
    return document.has(JobKey.PROFILE)
        ? document
        : document.with(JobKey.PROFILE, profile, new Place.Chosen(why));
  }

  /**
   * A job of a model that is known, with the stage that most people train such a model at where
   * nobody says one: encoders have no next word to predict.
   *
   * @param model as its config describes it
   */
  public static JobDocument ofModel(JobDocument document, Architecture model) {
    boolean open =
        !document.has(JobKey.STAGE)
            && !document.value(JobKey.WEIGHTS_ALONE, Boolean.class).orElse(false)
            && document.value(JobKey.PROFILE, Profile.class).orElse(Profile.BARE)
                == Profile.RECOMMENDED;
    Optional<Stage> stage =
        document
            .model()
            .filter(config -> open && Families.encodes(config, model))
            .map(ProfileChoice::stage);
    return stage
        .map(taken -> document.with(JobKey.STAGE, taken, ENCODERS).with(said(taken)))
        .orElse(document);
  }

  /** One that is published without a head is made for its hidden states. */
  private static Stage stage(ModelConfig config) {
    boolean bare = HeadBuilder.architecture(config).endsWith("Model");
    return bare ? Stage.EMBEDDING : Stage.CLASSIFICATION;
  }

  private static JobDocument.Remark said(Stage taken) {
    Notice notice =
        Notice.of("This model predicts no next word, so it is taken to be trained ")
            .and(taken == Stage.EMBEDDING ? "for embeddings" : "as a classifier")
            .and("; ", JobKey.STAGE, " says otherwise: ")
            .and(others(taken));
    return new JobDocument.Remark(Optional.empty(), notice.and(".").leading());
  }

  private static String others(Stage taken) {
    return Stream.of(
            Stage.CLASSIFICATION, Stage.TOKEN_CLASSIFICATION, Stage.EMBEDDING, Stage.MASKED_LM)
        .filter(stage -> stage != taken)
        .map(Stage::label)
        .collect(Collectors.joining(", "));
  }
}
