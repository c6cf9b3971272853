package dev.vramcast.cli.option;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.PoolHelpers;
import dev.vramcast.answers.request.JobBase;
import dev.vramcast.answers.request.JobFile;
import dev.vramcast.answers.request.ProfileChoice;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.machine.LocalGpus;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.cli.console.Console;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.formats.training.FormatName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A job on the command line: a file, flags over it, and where its model may come from. */
public final class JobArguments {

  private static final String OFFLINE = "--offline";

  private static final String STANDARD_INPUT = "-";

  private JobArguments() {}

  /** The options of a command that takes a job. */
  public static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.words(
            "JOB_FILE",
            "A job document, the training files of a framework, - for standard input, or behind"
                + " -- the command that trains; flags win."));
    spec.addOption(Options.of(JobParameters.AS));
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(OFFLINE, "Do not ask the Hub for models."));
    spec.addOption(Options.of(JobParameters.REVISION));
    JobFlags.addTo(spec);
    return spec;
  }

  /** The files that are given, or a command behind two dashes, or what a dash reads. */
  static JobBase base(ParseResult arguments) {
    Optional<FormatName> as = JobParameters.as(new ParsedOptions(arguments));
    List<String> command = command(arguments);
    if (!command.isEmpty()) {
      return JobFile.ofCommand(command, as);
    }
    List<String> words = Options.words(arguments);
    return words.equals(List.of(STANDARD_INPUT))
        ? JobFile.ofText(StandardInput.text(), as)
        : new JobFile(words.stream().map(Paths::of).toList(), as);
  }

  /** What stands behind two dashes, where nothing but options stands before them. */
  private static List<String> command(ParseResult arguments) {
    List<String> all = arguments.originalArgs();
    int dashes = all.indexOf("--");
    List<String> behind = dashes < 0 ? List.of() : all.subList(dashes + 1, all.size());
    boolean alone = Options.words(arguments).equals(behind.stream().distinct().toList());
    return alone ? behind : List.of();
  }

  /** What file and flags say. */
  public static JobDocument document(ParseResult arguments) {
    return ProfileChoice.of(base(arguments), JobFlags.read(arguments, Set.of()));
  }

  /** The call of an operation. */
  public static Call call(ParseResult arguments, Console console) {
    return call(arguments, Set.of(), Corrections.NONE, Progress.NONE, console);
  }

  /**
   * As {@link #call(ParseResult, Console)}.
   *
   * @param left flags that mean something else
   */
  public static Call call(
      ParseResult arguments,
      Set<JobKey> left,
      Corrections corrections,
      Progress progress,
      Console console) {
    return new Call(
        new ParsedOptions(arguments),
        JobFlags.read(arguments, left),
        base(arguments),
        new Call.Means(
            sources(arguments),
            LocalGpus.of(console.surroundings().variables()),
            corrections,
            console.surroundings().today(),
            KeptPrices.of(console.surroundings().variables()),
            console.surroundings().steps().helpedBy(PoolHelpers.ofProcess())),
        progress);
  }

  /** The request for a document that was made from the arguments. */
  public static EstimateRequest request(
      ParseResult arguments, JobDocument document, GpuFinder gpus) {
    return new EstimateRequest(document, sources(arguments), gpus);
  }

  /** Of the first file, from which the paths in a job document start. */
  private static Optional<Path> folder(ParseResult arguments) {
    return base(arguments) instanceof JobFile file
        ? file.files().stream().findFirst().map(path -> path.toAbsolutePath().getParent())
        : Optional.empty();
  }

  private static Sources sources(ParseResult arguments) {
    return new Sources.Files(
        folder(arguments),
        new ParsedOptions(arguments).value(JobParameters.REVISION),
        arguments.hasMatchedOption(OFFLINE) ? Network.FORBIDDEN : Network.ALLOWED);
  }
}
