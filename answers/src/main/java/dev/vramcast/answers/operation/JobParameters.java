package dev.vramcast.answers.operation;

import dev.vramcast.answers.request.MemoryText;
import dev.vramcast.answers.request.RunFlags;
import dev.vramcast.catalog.model.UsualSizes;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.formats.training.FormatName;
import java.util.Optional;

/** What can be said beside several kinds of jobs. */
public final class JobParameters {

  /** The format of training files. */
  public static final Parameter AS =
      Parameter.text(
              "--as",
              "FORMAT",
              "Format of the training file: " + String.join(", ", FormatName.labels()) + ".")
          .of(FormatName.labels())
          .called("Format of the file");

  /** Which version of the model is taken from the Hub. */
  public static final Parameter REVISION =
      Parameter.text("--revision", "NAME", "Branch, tag or commit of the model on the Hub.");

  /** What is to stay free on the card. */
  public static final Parameter HEADROOM =
      Parameter.text("--headroom", "SIZE", "Memory that must stay free on the card, as in 2GiB.");

  public static final Parameter EVAL_TOKENS =
      Parameter.text(
          RunFlags.EVAL_TOKENS, "COUNT", "Tokens of all evaluations during the run together.");

  public static final Parameter SAVES =
      Parameter.text(RunFlags.SAVES, "COUNT", "Checkpoints that are written; 1 without this.");

  /** A size in place of a model, for which the usual model nearest to it stands. */
  public static final Parameter SIZE =
      Parameter.text(
              "--params",
              "SIZE",
              "Only its size, as in 14B: the usual model nearest to it stands in.")
          .called("Size of the model");

  /** Of a size, what a token visits. */
  public static final Parameter ACTIVE_PARAMS =
      Parameter.text(
              "--active-params",
              "SIZE",
              "Parameters that a token visits, with ",
              SIZE,
              ": a usual mixture of experts stands in.")
          .called("Active parameters");

  private static final Place STAND_IN = new Place.Chosen("the usual model of that size");

  private JobParameters() {}

  /** The job of a call, whose model may be a size alone. */
  public static JobDocument sized(Call call) {
    return sized(call, call.document());
  }

  /** As {@link #sized(Call)}, of a document that was made from the call. */
  public static JobDocument sized(Call call, JobDocument document) {
    Optional<String> size = call.given().value(SIZE);
    Optional<String> active = call.given().value(ACTIVE_PARAMS);
    if (size.isEmpty()) {
      refuse(
          active.isPresent(),
          InputError.about(ACTIVE_PARAMS).kind(ErrorKind.MISSING).and(" needs ", SIZE));
      return document;
    }
    if (document.has(JobKey.MODEL_ID) || document.has(JobKey.MODEL_CONFIG)) {
      throw InputError.about(SIZE)
          .kind(ErrorKind.CONTRADICTION)
          .and(" and a model exclude each other")
          .refusal();
    }
    String name =
        UsualSizes.name(size.get(), active)
            .orElseThrow(() -> notSize(size.get(), active).refusal());
    return document.with(JobKey.MODEL_ID, name, new Place.Chosen("the size that is given"));
  }

  /** The same with the model that stands in by its own name, for what has to load one. */
  public static JobDocument standIn(Call call) {
    JobDocument document = sized(call);
    return document
        .text(JobKey.MODEL_ID)
        .filter(name -> call.given().value(SIZE).isPresent())
        .flatMap(UsualSizes::find)
        .map(model -> document.with(JobKey.MODEL_ID, model.name(), STAND_IN))
        .orElse(document);
  }

  private static InputError notSize(String size, Optional<String> active) {
    boolean isSize = UsualSizes.name(size, Optional.empty()).isPresent();
    return InputError.about(isSize ? ACTIVE_PARAMS : SIZE)
        .is(isSize ? active.orElseThrow() : size)
        .allowed("a size as in 350M, 7B or 7.6B")
        .nearest(isSize ? Optional.empty() : billions(size));
  }

  /** A number alone is most often meant as billions. */
  private static Optional<String> billions(String size) {
    return Optional.of(size.strip() + "B")
        .filter(name -> UsualSizes.name(name, Optional.empty()).isPresent());
  }

  /** The format that is given. */
  public static Optional<FormatName> as(Given given) {
    return given.value(AS).map(label -> FormatName.of(label));
  }

  public static long headroom(Given given, Parameter headroom) {
    return given.value(headroom).map(text -> MemoryText.bytes(headroom, text)).orElse(0L);
  }

  public static RunExtras extras(Given given) {
    return RunFlags.read(given.value(EVAL_TOKENS), given.value(SAVES));
  }

  public static void refuse(boolean given, InputError error) {
    if (given) {
      throw error.refusal();
    }
  }
}
