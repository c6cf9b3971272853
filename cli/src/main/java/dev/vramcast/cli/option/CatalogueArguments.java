package dev.vramcast.cli.option;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.request.JobTexts;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.machine.LocalGpus;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.cli.console.Console;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.plan.search.Progress;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** A question about what the program knows, on the command line. */
public final class CatalogueArguments {

  private CatalogueArguments() {}

  public static Call call(ParseResult arguments, Console console) {
    return new Call(
        new ParsedOptions(arguments),
        JobDocument.empty(),
        JobTexts.alone(List.of(), Optional.empty()),
        new Call.Means(
            new Sources.Files(Optional.empty(), Optional.empty(), Network.FORBIDDEN),
            LocalGpus.of(console.surroundings().variables()),
            Corrections.NONE,
            console.surroundings().today(),
            KeptPrices.of(console.surroundings().variables()),
            console.surroundings().steps()),
        Progress.NONE);
  }
}
