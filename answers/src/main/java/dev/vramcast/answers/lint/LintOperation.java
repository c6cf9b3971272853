package dev.vramcast.answers.lint;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Subject.Item;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.units.Version;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.schema.SchemaCheck;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What in a training file does not do what it seems to. */
public record LintOperation() implements Operation {

  /** Whose keys are right. */
  public static final Parameter VERSION =
      Parameter.text(
          "--framework-version",
          "VERSION",
          "Release of the framework whose parser is to take the file; the newest without this.");

  private static final Pattern RELEASE = Pattern.compile("\\d{1,6}(\\.\\d{1,6}){0,3}\\S{0,20}");

  @Override
  public String name() {
    return "lint";
  }

  @Override
  public String summary() {
    return "Find keys of a training file that do nothing, are misspelt or contradict each other.";
  }

  @Override
  public Subject subject() {
    return Subject.FILES;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(VERSION);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(LintRecord.class);
  }

  @Override
  public LintReport answer(Call call) {
    if (call.base().isEmpty()) {
      throw InputError.of("no file")
          .kind(ErrorKind.MISSING)
          .concerning(new Item("files"))
          .hint("give the training file of a framework")
          .refusal();
    }
    Optional<String> text = call.given().value(VERSION);
    Optional<Version> release = text.map(LintOperation::version);
    JobDocument over = text.map(LintOperation::flag).orElse(JobDocument.empty());
    Reading reading = call.base().reading(over);
    reading.checkTrains();
    return new LintReport(NotModelled.noted(SchemaCheck.of(reading, release), call, over));
  }

  private static JobDocument flag(String version) {
    JobKey key = JobKey.FRAMEWORK_VERSION;
    return JobDocument.empty().with(key, version.strip(), new Place.Behind(key.flag()));
  }

  private static Version version(String text) {
    if (!RELEASE.matcher(text.strip()).matches()) {
      throw InputError.about(VERSION).is(text).allowed("a release such as 0.12.2").refusal();
    }
    return Version.parse(text);
  }
}
