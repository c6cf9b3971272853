package dev.tunefit.cli.command;

import dev.tunefit.answers.request.PricesRequest;
import dev.tunefit.catalog.price.PriceLists;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.Shown;
import dev.tunefit.core.market.PriceDate;
import dev.tunefit.core.market.Purchase;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Which part of which market, on the command line. */
final class MarketArguments {

  private static final String LIST = "--list";
  private static final String PROVIDER = "--provider";
  private static final String REGION = "--region";
  private static final String SPOT = "--spot";
  private static final String AS_OF = "--as-of";

  private MarketArguments() {}

  /**
   * Adds the options that choose offers.
   *
   * @param spot what {@code --spot} does in this command
   */
  static void addTo(CommandSpec spec, String spot) {
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
    spec.addOption(Options.flag(SPOT, spot));
    spec.addOption(
        Options.text(
            AS_OF,
            "DATE",
            "The day of prices in a file without dates, as in 2026-09-01. Default: the file's."));
  }

  /** Makes of the GPU of a job a filter for machines. */
  static void filterGpus(CommandSpec spec) {
    Options.replace(
        spec,
        JobKey.GPU.flag(),
        "FILTER",
        "Only these GPUs and machines: H100,H200, 24GB.., H100:8");
  }

  /**
   * What the options ask for.
   *
   * @param gpu a filter for GPUs and their count
   */
  static PricesRequest request(ParseResult arguments, Optional<String> gpu) {
    List<String> lists = words(arguments, LIST);
    return new PricesRequest(
        lists.isEmpty() ? List.of(PriceLists.MARKET) : lists,
        Options.value(arguments, AS_OF).map(MarketArguments::date),
        gpu,
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
