package dev.vramcast.answers.cost;

import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Money;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.machine.CostRow;
import dev.vramcast.core.plan.machine.CostSearch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run costs on each GPU of a market.
 *
 * @param model name for people
 * @param method its label
 * @param tokens of the run, without padding
 * @param counted what is taken for granted of the tokens
 * @param prices the offers that were asked for
 * @param warnings what is to be known of it
 */
public record CostReport(
    String model,
    String method,
    double tokens,
    List<Notice> counted,
    SpotTerms terms,
    PricesReport prices,
    CostSearch search,
    List<Notice> warnings)
    implements Answer {

  public CostReport {
    counted = List.copyOf(counted);
    warnings = List.copyOf(warnings);
  }

  /** The same report with a further remark before the others. */
  public CostReport remarked(Notice remark) {
    List<Notice> all = new ArrayList<>(List.of(remark));
    all.addAll(warnings);
    return new CostReport(model, method, tokens, counted, terms, prices, search, all);
  }

  /** The answer in one sentence. */
  String sentence() {
    Purchase asked = prices.purchase();
    Optional<CostRow> cheapest = search.cheapest(asked);
    Purchase way = cheapest.isPresent() ? asked : Purchase.ON_DEMAND;
    return cheapest
        .or(() -> search.cheapest(way))
        .map(row -> sentence(row, way))
        .orElseGet(
            () ->
                "No machine on offer "
                    + (search.isImpossible() ? "can do" : "holds")
                    + " this training of "
                    + model
                    + ".");
  }

  private String sentence(CostRow row, Purchase way) {
    Offer machine = (way == Purchase.SPOT ? row.spot() : row.onDemand()).orElseThrow();
    Duration time =
        way == Purchase.SPOT ? row.spotRun().orElseThrow().expected() : row.work().total();
    return "Training %s by %s costs least on %s%s of %s: $%s in %s."
        .formatted(
            model,
            method,
            row.count() == 1 ? "one " : row.count() + " × ",
            row.gpu().name(),
            PricesTable.provider(machine),
            Money.text(row.cost(way).orElseThrow()),
            Spans.text(time));
  }

  /** Whether the run fits something that is on offer. */
  public boolean fitsSomewhere() {
    return !search.rows().isEmpty();
  }

  /** The offers that rows name, or all where there are no rows. */
  List<Offer> used() {
    List<Offer> used =
        search.rows().stream()
            .flatMap(row -> Stream.concat(row.onDemand().stream(), row.spot().stream()))
            .toList();
    return used.isEmpty() ? prices.offers() : used;
  }

  /** Assumptions, one sentence each. */
  List<Notice> assumptions() {
    List<Notice> all = new ArrayList<>(counted);
    all.addAll(CostNotes.ofJob());
    if (search.rows().stream().map(CostRow::spot).anyMatch(spot -> spot.isPresent())) {
      all.addAll(CostNotes.ofSpot(terms));
    }
    all.addAll(CostNotes.ofPrices(used()));
    return all;
  }

  @Override
  public List<String> lines(Terminal terminal) {
    return CostTable.lines(this, terminal);
  }

  @Override
  public Record record() {
    return CostRecord.of(this);
  }
}
