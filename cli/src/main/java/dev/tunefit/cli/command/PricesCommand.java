package dev.tunefit.cli.command;

import dev.tunefit.catalog.price.PriceCsv;
import dev.tunefit.catalog.price.PriceLists;
import dev.tunefit.cli.report.JsonText;
import dev.tunefit.cli.report.PricesJson;
import dev.tunefit.cli.report.PricesReport;
import dev.tunefit.cli.report.PricesTable;
import dev.tunefit.cli.request.PricesRequest;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.Shown;
import dev.tunefit.core.market.PriceDate;
import dev.tunefit.core.market.Purchase;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit prices}: what GPUs cost by the hour, and how old those prices are. */
public final class PricesCommand implements Command {

  private static final String LIST = "--list";
  private static final String PROVIDER = "--provider";
  private static final String REGION = "--region";
  private static final String SPOT = "--spot";
  private static final String AS_OF = "--as-of";
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
    spec.addOption(
        Options.text(
            LIST,
            "NAME|FILE,...",
            "A list by name ("
                + String.join(", ", PriceLists.names())
                + "), or a file: your own CSV or YAML, SkyPilot's vms.csv, gpuhunt's CSV."
                + " Default: "
                + PriceLists.MARKET
                + "."));
    spec.addOption(Options.text(PROVIDER, "NAME,...", "Only offers of these providers."));
    spec.addOption(Options.text(REGION, "NAME,...", "Only regions whose name has such a part."));
    spec.addOption(Options.flag(SPOT, "Only offers with a spot price, ordered by it."));
    spec.addOption(
        Options.text(
            AS_OF,
            "DATE",
            "The day of prices in a file without dates, as in 2026-09-01. Default: the file's."));
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
    PricesReport report = request(arguments).report(console.surroundings().today());
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

  private static PricesRequest request(ParseResult arguments) {
    List<String> lists = words(arguments, LIST);
    return new PricesRequest(
        lists.isEmpty() ? List.of(PriceLists.MARKET) : lists,
        Options.value(arguments, AS_OF).map(PricesCommand::date),
        Options.word(arguments),
        lower(words(arguments, PROVIDER)),
        lower(words(arguments, REGION)),
        arguments.hasMatchedOption(SPOT) ? Purchase.SPOT : Purchase.ON_DEMAND);
  }

  private static PriceDate date(String text) {
    return PriceDate.parse(text)
        .orElseThrow(
            () ->
                new InputException(
                    AS_OF
                        + " is "
                        + Shown.given(text)
                        + ", expected a day as 2026-07-01, or 2026-06-01..2026-06-30"));
  }

  private static List<String> lower(List<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }

  private static List<String> words(ParseResult arguments, String option) {
    Optional<String> text = Options.value(arguments, option);
    List<String> words =
        text.map(given -> given.split(",", -1)).stream()
            .flatMap(Arrays::stream)
            .map(String::strip)
            .toList();
    if (words.contains("")) {
      throw new InputException(option + " is " + Shown.given(text.get()) + ", with an empty part");
    }
    return words;
  }
}
