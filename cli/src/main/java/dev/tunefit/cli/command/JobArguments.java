package dev.tunefit.cli.command;

import dev.tunefit.catalog.gpu.GpuFinder;
import dev.tunefit.catalog.source.ModelRequest.Network;
import dev.tunefit.cli.request.EstimateRequest;
import dev.tunefit.cli.request.JobFile;
import dev.tunefit.cli.request.JobFlags;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** A job on the command line: a file, flags over it, and where its model may come from. */
final class JobArguments {

  private static final String OFFLINE = "--offline";
  private static final String REVISION = "--revision";

  private JobArguments() {}

  /** The options of a command that takes a job. */
  static CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.word("JOB_FILE", "A job document in YAML or JSON; flags win over it."));
    spec.addOption(OutputFormat.option());
    spec.addOption(Options.flag(OFFLINE, "Do not ask the Hub for models."));
    spec.addOption(
        Options.text(REVISION, "NAME", "Branch, tag or commit of the model on the Hub."));
    JobFlags.addTo(spec);
    return spec;
  }

  private static Optional<Path> file(ParseResult arguments) {
    return Options.word(arguments).map(Paths::of);
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
    JobDocument document = file(arguments).map(JobFile::read).orElseGet(JobDocument::empty);
    return document.with(JobFlags.read(arguments, left));
  }

  /** The request for a document that was made from the arguments. */
  static EstimateRequest request(ParseResult arguments, JobDocument document, GpuFinder gpus) {
    return new EstimateRequest(
        document,
        file(arguments).map(path -> path.toAbsolutePath().getParent()),
        Options.value(arguments, REVISION),
        arguments.hasMatchedOption(OFFLINE) ? Network.FORBIDDEN : Network.ALLOWED,
        gpus);
  }
}
