package dev.vramcast.answers.prices;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Counts;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.catalog.price.LoadedPrices;
import dev.vramcast.catalog.price.form.Finding;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Prices for people. */
public final class PricesTable {

  private static final Subject ALL = Subject.option("--all");

  private static final int FEW = 20;
  private static final String INDENT = "      ";
  private static final int DECIMALS = 3;

  private final PricesReport report;
  private final Terminal terminal;
  private final Sections sections;

  private PricesTable(PricesReport report, Terminal terminal) {
    this.report = report;
    this.terminal = terminal;
    this.sections = new Sections(terminal);
  }

  /**
   * The lines.
   *
   * @param all every offer and not the cheapest alone
   * @param explain where each price and each finding comes from
   */
  public static List<String> lines(
      PricesReport report, Terminal terminal, boolean all, boolean explain) {
    PricesTable table = new PricesTable(report, terminal);
    table.ages();
    table.offers(all ? Integer.MAX_VALUE : FEW, explain);
    report.lists().forEach(list -> table.findings(list, explain));
    table.limits();
    return table.sections.lines();
  }

  private void ages() {
    sections.title(
        "%s by $/GPU-hour %s; age of the prices: %s"
            .formatted(
                Counts.of(report.offers().size(), "offer"),
                report.purchase().label(),
                report.age().text()));
    report.cut().notice().ifPresent(sections::notice);
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT).wrapped();
    for (LoadedPrices list : report.lists()) {
      List<Offer> offers = list.list().offers();
      String age = offers.isEmpty() ? "" : report.age(offers).text();
      String assumed = list.dateAssumed() ? "; dated as the file is, which states no date" : "";
      String title =
          list.list().title().equals(list.list().name())
              ? list.form().label()
              : list.list().title();
      grid.row(
          Cell.plain(list.list().name()),
          Cell.plain(Counts.of(offers.size(), "offer")),
          Cell.plain(age),
          Cell.dim(title + assumed));
    }
    sections.add(grid.lines());
  }

  private void offers(int most, boolean explain) {
    Align l = Align.LEFT;
    Align r = Align.RIGHT;
    boolean spot = report.purchase() == Purchase.SPOT;
    Grid grid = new Grid(terminal, r, r, l, r, l, l, l);
    grid.row(Style.DIM, "$/GPU-h", "spot", "GPUs", "$/h", "months old", "provider", "machine");
    List<Offer> shown = report.offers().stream().limit(most).toList();
    shown.forEach(offer -> grid.row(cells(offer, spot)));
    List<String> rows = grid.lines();
    List<String> lines = new ArrayList<>(List.of("", rows.get(0)));
    for (int i = 0; i < shown.size(); i++) {
      lines.add(rows.get(i + 1));
      if (explain) {
        lines.addAll(source(shown.get(i)));
      }
    }
    int rest = report.offers().size() - shown.size();
    if (rest > 0) {
      lines.add("  " + terminal.styled(Style.DIM, terminal.text(rest, " more with ", ALL)));
    }
    sections.add(lines);
  }

  private Cell[] cells(Offer offer, boolean spot) {
    String onDemand = perGpu(offer, Purchase.ON_DEMAND);
    String spare = perGpu(offer, Purchase.SPOT);
    return new Cell[] {
      spot ? Cell.plain(onDemand) : Cell.bold(onDemand),
      spot ? Cell.bold(spare) : Cell.plain(spare),
      Cell.plain(offer.count() + " × " + offer.gpu().name()),
      Cell.plain(offer.price(report.purchase()).map(price -> price.text(2)).orElse("-")),
      Cell.plain(offer.asOf().age(report.today()).inMonths()),
      Cell.plain(provider(offer)),
      Cell.plain(machine(offer))
    };
  }

  /** What a list says beside the price. */
  private static String terms(Offer offer) {
    StringBuilder text = new StringBuilder();
    OfferTerms terms = offer.terms();
    offer.host().memoryBytes().ifPresent(size -> text.append(", host memory " + Gib.card(size)));
    offer.host().diskBytes().ifPresent(size -> text.append(", disk " + Gib.card(size)));
    terms.leastBilled().ifPresent(time -> text.append(", billed for at least " + Spans.text(time)));
    terms.startUp().ifPresent(time -> text.append(", starts in " + Spans.text(time)));
    terms
        .storageUsdPerGbMonth()
        .ifPresent(usd -> text.append(", storage $" + Gib.rounded(usd, 3) + " a GB and month"));
    terms
        .egressUsdPerGb()
        .ifPresent(usd -> text.append(", traffic out $" + Gib.rounded(usd, 3) + " a GB"));
    terms
        .reliability()
        .ifPresent(
            share -> text.append(", there " + Gib.rounded(100 * share, 1) + " % of the time"));
    return text.toString();
  }

  private static String perGpu(Offer offer, Purchase purchase) {
    return offer.pricePerGpu(purchase).map(price -> price.text(DECIMALS)).orElse("-");
  }

  public static String machine(Offer offer) {
    return Stream.of(offer.instance(), offer.region())
        .filter(text -> !text.isEmpty())
        .map(PricesTable::clean)
        .reduce((instance, region) -> instance + ", " + region)
        .orElse("");
  }

  /** Who rents a machine out; a private host, who may take it away, is marked. */
  public static String provider(Offer offer) {
    return clean(offer.provider()) + (offer.terms().peerToPeer() ? " (private host)" : "");
  }

  private List<String> source(Offer offer) {
    String text = offer.asOf() + ", " + clean(offer.source()) + terms(offer);
    return Wrap.lines(text, terminal.width() - INDENT.length()).stream()
        .map(line -> INDENT + terminal.styled(Style.DIM, line))
        .toList();
  }

  /** What stands in a file must not steer a terminal. */
  public static String clean(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
  }

  private void findings(LoadedPrices list, boolean explain) {
    if (list.findings().isEmpty()) {
      return;
    }
    sections.title(
        "%s: %d of %d rows left out".formatted(list.list().name(), list.dropped(), list.rows()));
    Grid grid = new Grid(terminal, Align.RIGHT, Align.LEFT);
    for (Map.Entry<Finding, Integer> entry : list.counts().entrySet()) {
      grid.row(Cell.plain(entry.getValue() + " ×"), Cell.plain(entry.getKey().label()));
    }
    sections.add(grid.lines());
    if (explain) {
      list.findings().stream()
          .map(found -> found.notice().line(terminal.words()))
          .map(PricesTable::clean)
          .forEach(sections::sentence);
    }
  }

  /** What no list says. */
  private void limits() {
    sections.title("Not in these prices");
    sections.sentence(
        "Storage and traffic; the least time that is billed where a list has it not.");
    sections.sentence("Whether the machine can be had: a list is no stock.");
  }
}
