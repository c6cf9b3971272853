package dev.vramcast.answers.write;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.machine.MachineSplit;
import dev.vramcast.formats.writers.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The files that frameworks and launchers run a job from. */
public record WriteOperation() implements Operation {

  /** The formats. */
  public static final Parameter TO = formats("--to").called("Format");

  @Override
  public String name() {
    return "write";
  }

  @Override
  public String summary() {
    return "Write a job as files for frameworks and launchers.";
  }

  @Override
  public Subject subject() {
    return Subject.JOB;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(TO, JobParameters.SIZE, JobParameters.ACTIVE_PARAMS);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(FilesRecord.class);
  }

  @Override
  public FilesAnswer answer(Call call) {
    JobDocument document = JobParameters.standIn(call);
    Selection selection = selection(call.given(), document);
    RequestedJob job = placed(document, each -> EstimateRequest.of(call, each).settle());
    FilesRequest.Files files =
        new FilesRequest(
                selection,
                job,
                FilesRequest.kept(call.base()),
                Optional.empty(),
                List.of("Written by vramcast " + Version.current()))
            .files();
    List<Notice> warnings = new ArrayList<>(job.warnings());
    warnings.addAll(notes(call.given(), job));
    warnings.addAll(files.warnings());
    return new FilesAnswer(files.texts(), warnings);
  }

  /**
   * A job in as many machines as its cards take, with a warning where nobody says how many.
   *
   * @param settle makes a job of a document
   */
  public static RequestedJob placed(
      JobDocument document, Function<JobDocument, RequestedJob> settle) {
    RequestedJob job = settle.apply(document);
    return split(job)
        .map(machines -> settle.apply(machines.over(document)).warned(machines.notice()))
        .orElse(job);
  }

  private static Optional<MachineSplit> split(RequestedJob job) {
    return job.gpu()
        .filter(gpu -> !job.document().has(JobKey.NODES))
        .flatMap(
            gpu ->
                MachineSplit.of(
                    job.resolution().job().parallelism(),
                    gpu,
                    GpuCatalog.embedded().remark(gpu).mostInAMachine()));
  }

  /** A parameter that names formats. */
  public static Parameter formats(String name) {
    return Parameter.text(
            name,
            "FORMAT,...",
            "Formats of files to write: " + String.join(", ", Selection.names()) + ".")
        .of(Selection.names());
  }

  /**
   * The formats that are asked for.
   *
   * @throws InputException when there are none
   */
  public static Selection selection(Given given, JobDocument document) {
    return selection(given, TO, document)
        .orElseThrow(
            () ->
                InputError.of("no format")
                    .concerning(TO)
                    .hint(
                        "give ", TO, " with one or more of ", String.join(", ", Selection.names()))
                    .kind(ErrorKind.MISSING)
                    .refusal());
  }

  /** The formats that a parameter asks for; empty when it is not given. */
  public static Optional<Selection> selection(
      Given given, Parameter formats, JobDocument document) {
    return given
        .value(formats)
        .map(text -> Selection.of(text, formats, document.text(JobKey.FRAMEWORK_NAME)));
  }

  /** What is to be known of the files, whatever is in them. */
  public static List<Notice> notes(Given given, RequestedJob job) {
    Optional<Notice> standIn =
        given
            .value(JobParameters.SIZE)
            .map(
                size ->
                    Notice.of("the files load ", job.model().id(), ", the usual model nearest to ")
                        .and(Shown.given(size)));
    return Stream.of(standIn, notWritten(given)).flatMap(Optional::stream).toList();
  }

  /** What is asked for, but cannot be said in the files. */
  private static Optional<Notice> notWritten(Given given) {
    return given
        .value(JobParameters.REVISION)
        .map(
            name ->
                Notice.of("the files cannot say ", JobParameters.REVISION, " ", Shown.given(name))
                    .and(": they load the model's newest revision"));
  }
}
