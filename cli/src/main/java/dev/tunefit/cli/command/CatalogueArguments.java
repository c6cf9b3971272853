package dev.tunefit.cli.command;

import dev.tunefit.answers.operation.Call;
import dev.tunefit.answers.request.Corrections;
import dev.tunefit.answers.request.JobTexts;
import dev.tunefit.answers.request.Sources;
import dev.tunefit.catalog.gpu.LocalGpus;
import dev.tunefit.catalog.source.ModelRequest.Network;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.memory.RecentSteps;
import dev.tunefit.core.plan.Progress;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** A question about what the program knows, on the command line. */
final class CatalogueArguments {

  private CatalogueArguments() {}

  static Call call(ParseResult arguments, Console console) {
    return new Call(
        new ParsedOptions(arguments),
        JobDocument.empty(),
        JobTexts.alone(List.of(), Optional.empty()),
        new Sources.Files(Optional.empty(), Optional.empty(), Network.FORBIDDEN),
        LocalGpus.of(console.surroundings().variables()),
        Corrections.NONE,
        console.surroundings().today(),
        Progress.NONE,
        new RecentSteps());
  }
}
