package dev.vramcast.answers.prices;

import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Asker;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.AgeLimit;
import dev.vramcast.core.market.PriceDate;
import dev.vramcast.core.market.Purchase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which part of which market. */
public final class MarketParameters {

  private static final String LIST_NAME = "--list";

  /** Lists by name. */
  private static final Parameter LIST =
      list("NAME,...", "").only(Asker.ELSEWHERE).of(PriceLists.names());

  /** Lists by name or in files, for those who may name files. */
  private static final Parameter LIST_OR_FILE =
      list("NAME|FILE,...", ", or a file: your own CSV or YAML, SkyPilot's vms.csv, gpuhunt's CSV")
          .only(Asker.HERE);

  /** The day of prices in files without dates. */
  private static final Parameter AS_OF =
      Parameter.text(
              "--as-of",
              "DATE",
              "The day of prices in a file without dates, as in 2026-09-01. Default: the file's.")
          .only(Asker.HERE);

  /** Machines in place of the job's own. */
  public static final Parameter GPU =
      Parameter.text(
          JobKey.GPU.flag(), "FILTER", "Only these GPUs and machines: H100,H200, 24GB.., H100:8");

  /** How old prices may be. */
  public static final Parameter MAX_PRICE_AGE =
      Parameter.text(
          AgeLimit.OPTION,
          "DAYS",
          "Only prices that held at most so many days ago, or any. Default: "
              + AgeLimit.USUAL_DAYS
              + ".");

  private static final Parameter PROVIDER =
      Parameter.text("--provider", "NAME,...", "Only offers of these providers.");
  private static final Parameter REGION =
      Parameter.text("--region", "NAME,...", "Only regions whose name has such a part.");

  private MarketParameters() {}

  /** The flag for spot machines, which does something else in each operation. */
  public static Parameter spot(String description) {
    return Parameter.flag("--spot", description);
  }

  private static Parameter list(String label, String files) {
    return Parameter.text(
        LIST_NAME,
        label,
        "A list by name ("
            + String.join(", ", names())
            + ")"
            + files
            + ". Default: what was fetched, and of "
            + PriceLists.MARKET
            + " the providers that were not.");
  }

  /**
   * What chooses offers, between parameters of the operation.
   *
   * @param first before it
   * @param spot the flag of the operation
   * @param more behind it
   */
  public static List<Parameter> between(Parameter first, Parameter spot, List<Parameter> more) {
    List<Parameter> all =
        new ArrayList<>(
            List.of(first, LIST, LIST_OR_FILE, PROVIDER, REGION, spot, MAX_PRICE_AGE, AS_OF));
    all.addAll(more);
    return all;
  }

  /**
   * What is asked for.
   *
   * @param spot the flag of the operation
   * @param gpu a filter for GPUs and their count
   */
  public static PricesRequest request(Call call, Parameter spot, Optional<String> gpu) {
    Given given = call.given();
    List<String> lists = words(given, LIST);
    if (!call.opensFiles()) {
      lists.forEach(MarketParameters::checkName);
    }
    return new PricesRequest(
        lists,
        call.means().prices(),
        given.value(AS_OF).map(MarketParameters::date),
        gpu,
        lower(words(given, PROVIDER)),
        lower(words(given, REGION)),
        given.has(spot) ? Purchase.SPOT : Purchase.ON_DEMAND,
        given.value(MAX_PRICE_AGE).map(AgeLimit::parse).orElse(AgeLimit.USUAL));
  }

  private static List<String> names() {
    return Stream.concat(PriceLists.names().stream(), Stream.of(KeptPrices.LIST)).toList();
  }

  private static void checkName(String list) {
    List<String> names = names();
    if (!names.contains(list)) {
      throw InputError.about(Subject.option(LIST_NAME))
          .is(list)
          .allowed(String.join(", ", names))
          .near(list, names)
          .refusal();
    }
  }

  private static PriceDate date(String text) {
    return PriceDate.parse(text)
        .orElseThrow(
            () ->
                InputError.about(AS_OF)
                    .is(text)
                    .allowed("a day as 2026-07-01, or 2026-06-01..2026-06-30")
                    .refusal());
  }

  private static List<String> lower(List<String> words) {
    return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }

  private static List<String> words(Given given, Parameter parameter) {
    Optional<String> text = given.value(parameter);
    List<String> words =
        text.map(all -> all.split(",", -1)).stream()
            .flatMap(Arrays::stream)
            .map(String::strip)
            .toList();
    if (words.contains("")) {
      throw InputError.about(parameter).is(text.get()).and(", with an empty part").refusal();
    }
    return words;
  }
}
