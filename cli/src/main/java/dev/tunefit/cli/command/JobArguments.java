package dev.tunefit.cli.command;

import dev.tunefit.answers.request.EstimateRequest;
import dev.tunefit.answers.request.JobFile;
import dev.tunefit.answers.request.Sources;
import dev.tunefit.catalog.gpu.GpuFinder;
import dev.tunefit.catalog.source.ModelRequest.Network;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.formats.training.FormatName;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** A job on the command line: a file, flags over it, and where its model may come from. */
final class JobArguments {

  private static final String AS = "--as";
  private static final String OFFLINE = "--offline";

  /** Which version of the model is taken from the Hub. */
  static final String REVISION = "--revision";

  private JobArguments() {}

  /** The options of a command that takes a job. */
  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.words(
            "JOB_FILE", "A job document, or the training files of a framework; flags win."));
    spec.addOption(as());
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(OFFLINE, "Do not ask the Hub for models."));
    spec.addOption(
        Options.text(REVISION, "NAME", "Branch, tag or commit of the model on the Hub."));
    JobFlags.addTo(spec);
    return spec;
  }

  /** The option that names the format of a training file. */
  static OptionSpec as() {
    return Options.text(
        AS,
        "FORMAT",
        "Format of the training file: " + String.join(", ", FormatName.labels()) + ".");
  }

  /** The files that are given. */
  static JobFile file(ParseResult arguments) {
    return new JobFile(
        Options.words(arguments).stream().map(Paths::of).toList(),
        Options.value(arguments, AS).map(label -> FormatName.of(label, AS)));
  }

  /** What file and flags say. */
  static JobDocument document(ParseResult arguments) {
    return document(arguments, Set.of());
  }

  /**
   * As {@link #document(ParseResult)}.
   *
   * @param left flags that mean something else
   */
  static JobDocument document(ParseResult arguments, Set<JobKey> left) {
    return file(arguments).under(JobFlags.read(arguments, left));
  }

  /** The request for a document that was made from the arguments. */
  static EstimateRequest request(ParseResult arguments, JobDocument document, GpuFinder gpus) {
    return new EstimateRequest(
        document,
        new Sources.Files(
            file(arguments).files().stream()
                .findFirst()
                .map(path -> path.toAbsolutePath().getParent()),
            Options.value(arguments, REVISION),
            arguments.hasMatchedOption(OFFLINE) ? Network.FORBIDDEN : Network.ALLOWED),
        gpus);
  }
}
