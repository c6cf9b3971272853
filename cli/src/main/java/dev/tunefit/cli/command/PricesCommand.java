package dev.tunefit.cli.command;

import dev.tunefit.answers.Version;
import dev.tunefit.answers.report.JsonText;
import dev.tunefit.answers.report.PricesJson;
import dev.tunefit.answers.report.PricesReport;
import dev.tunefit.answers.report.PricesTable;
import dev.tunefit.catalog.price.PriceCsv;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit prices}: what GPUs cost by the hour, and how old those prices are. */
public final class PricesCommand implements Command {

  private static final String ALL = "--all";
  private static final String EXPLAIN = "--explain";
  private static final String WRITE = "--write";

  @Override
  public String name() {
    return "prices";
  }

  @Override
  public String summary() {
    return "List what GPUs cost by the hour, the cheapest first, with the age of the prices.";
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create();
    spec.addPositional(
        Options.word(
            "GPU",
            "Names, a maker, a size of memory or a count: H100, A10G,A100, 24GB.., H100:8."));
    spec.addOption(OutputFormat.option());
    MarketArguments.addTo(spec, "Only offers with a spot price, ordered by it.");
    spec.addOption(Options.flag(ALL, "Show every offer."));
    spec.addOption(
        Options.flag(EXPLAIN, "Show where each price comes from, and each row left out."));
    spec.addOption(Options.text(WRITE, "FILE", "Write the offers as a list of your own, in CSV."));
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  tunefit prices h100:8",
            "  tunefit prices 24GB.. --spot --provider aws,gcp",
            "  tunefit prices --list catalogs/v8/aws/vms.csv --as-of 2026-11-20 --write aws.csv");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Optional<OutputFile> target = Options.value(arguments, WRITE).map(OutputFile::of);
    PricesReport report =
        MarketArguments.request(arguments, Options.word(arguments))
            .report(console.surroundings().today());
    target.ifPresent(file -> file.write(PriceCsv.of(report.offers())));
    if (format == OutputFormat.JSON) {
      console.print(JsonText.of(PricesJson.of(report, Version.current())));
    } else {
      boolean all = arguments.hasMatchedOption(ALL);
      boolean explain = arguments.hasMatchedOption(EXPLAIN);
      console.print(PricesTable.lines(report, console.terminal(), all, explain));
    }
    return ExitCode.OK;
  }
}
