package dev.vramcast.cli.option;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.request.JobFile;
import dev.vramcast.answers.request.ProfileChoice;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.machine.LocalGpus;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.cli.console.Console;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.run.RecentSteps;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A job on the command line: a file, flags over it, and where its model may come from. */
public final class JobArguments {

  private static final String OFFLINE = "--offline";

  private JobArguments() {}

  /** The options of a command that takes a job. */
  public static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.words(
            "JOB_FILE", "A job document, or the training files of a framework; flags win."));
    spec.addOption(Options.of(JobParameters.AS));
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(OFFLINE, "Do not ask the Hub for models."));
    spec.addOption(Options.of(JobParameters.REVISION));
    JobFlags.addTo(spec);
    return spec;
  }

  /** The files that are given. */
  static JobFile file(ParseResult arguments) {
    return new JobFile(
        Options.words(arguments).stream().map(Paths::of).toList(),
        JobParameters.as(new ParsedOptions(arguments)));
  }

  /** What file and flags say. */
  public static JobDocument document(ParseResult arguments) {
    return ProfileChoice.of(file(arguments), JobFlags.read(arguments, Set.of()));
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
        file(arguments),
        new Call.Means(
            sources(arguments),
            LocalGpus.of(console.surroundings().variables()),
            corrections,
            console.surroundings().today(),
            new RecentSteps()),
        progress);
  }

  /** The request for a document that was made from the arguments. */
  public static EstimateRequest request(
      ParseResult arguments, JobDocument document, GpuFinder gpus) {
    return new EstimateRequest(document, sources(arguments), gpus);
  }

  private static Sources sources(ParseResult arguments) {
    return new Sources.Files(
        file(arguments).files().stream().findFirst().map(path -> path.toAbsolutePath().getParent()),
        new ParsedOptions(arguments).value(JobParameters.REVISION),
        arguments.hasMatchedOption(OFFLINE) ? Network.FORBIDDEN : Network.ALLOWED);
  }
}
