package dev.vramcast.answers.cost;

import static java.util.stream.Collectors.joining;

import dev.vramcast.answers.first.Training;
import dev.vramcast.answers.memory.Chance;
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
import dev.vramcast.core.range.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run costs on each GPU of a market.
 *
 * @param model name for people
 * @param tokens of the run, without padding
 * @param counted what is taken for granted of the tokens
 * @param prices the offers that were asked for
 * @param warnings what is to be known of it
 */
public record CostReport(
    String model,
    Training training,
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
    return new CostReport(model, training, tokens, counted, terms, prices, search, all);
  }

  /** The answer in one sentence. */
  String sentence() {
    String subject = model + " by " + training.within();
    if (!fitsSomewhere()) {
      return "No machine on offer "
          + (search.isImpossible() ? "can do" : "holds")
          + " this training of "
          + model
          + ".";
    }
    String ways = ways().stream().flatMap(way -> cheapest(way).stream()).collect(joining("; "));
    return ways.isEmpty()
        ? "Training " + subject + " fits machines on offer, on none of which it would get on."
        : "Training " + subject + " costs least " + ways + filled() + ".";
  }

  private String filled() {
    return CostNotes.sayFilled(counted) ? ", if every example is as long as allowed" : "";
  }

  /** The way that was asked for first; who asks for spot wants the other only for lack of it. */
  private List<Purchase> ways() {
    Purchase asked = prices.purchase();
    boolean spot = asked == Purchase.SPOT && search.cheapest(asked).isPresent();
    return spot ? List.of(asked) : List.of(Purchase.ON_DEMAND, Purchase.SPOT);
  }

  private Optional<String> cheapest(Purchase way) {
    return search.cheapest(way).map(row -> cheapest(row, way));
  }

  private static String cheapest(CostRow row, Purchase way) {
    boolean spot = way == Purchase.SPOT;
    Offer machine = (spot ? row.spot() : row.onDemand()).orElseThrow();
    Duration time = spot ? row.spotRun().orElseThrow().expected() : row.work().total();
    boolean sure = row.runs().verdict() == Verdict.FITS;
    return "%s on %s%s of %s%s: %s in %s"
        .formatted(
            spot ? "on spot" : way.label(),
            gpus(row),
            row.gpu().name(),
            PricesTable.provider(machine),
            sure ? "" : ", which it fits with " + Chance.text(row.runs().chance()),
            Money.dollars(row.cost(way).orElseThrow()),
            Spans.text(time));
  }

  private static String gpus(CostRow row) {
    int machines = row.machines();
    return machines > 1
        ? "%d machines of %d × ".formatted(machines, row.count())
        : row.count() == 1 ? "one " : row.count() + " × ";
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
    return Stream.concat(counted.stream(), behind().stream()).toList();
  }

  /** Those beside what is taken for granted of the tokens. */
  List<Notice> behind() {
    List<Notice> all = new ArrayList<>(CostNotes.ofJob());
    if (search.rows().stream().map(CostRow::spot).anyMatch(spot -> spot.isPresent())) {
      all.addAll(CostNotes.ofSpot(terms));
    }
    if (prices.purchase() == Purchase.SPOT) {
      all.add(CostNotes.ofSpotAlone());
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
