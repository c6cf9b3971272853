package dev.vramcast.cli.command;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.request.Corrections;
import dev.vramcast.answers.request.JobTexts;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.gpu.LocalGpus;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.job.JobDocument;
import dev.vramcast.core.memory.RecentSteps;
import dev.vramcast.core.plan.Progress;
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
