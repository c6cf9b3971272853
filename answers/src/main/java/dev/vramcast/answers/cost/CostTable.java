package dev.vramcast.answers.cost;

import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.prices.Extra;
import dev.vramcast.answers.prices.PricesTable;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Counts;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Money;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.answers.text.Spans;
import dev.vramcast.core.cost.OnDemandCost;
import dev.vramcast.core.cost.SpotCost;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.machine.CostRow;
import dev.vramcast.core.plan.machine.CostSearch;
import dev.vramcast.core.plan.machine.CostSearch.LeftOut;
import dev.vramcast.core.plan.machine.Outcome;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.time.Seconds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@link CostReport} for people. */
final class CostTable {

  private static final double HOUR = 3600;
  private static final double MANY_HOURS = 100;

  private final CostReport report;
  private final Terminal terminal;
  private final Sections sections;
  private final Purchase purchase;

  private CostTable(CostReport report, Terminal terminal) {
    this.report = report;
    this.terminal = terminal;
    this.sections = new Sections(terminal);
    this.purchase = report.prices().purchase();
  }

  static List<String> lines(CostReport report, Terminal terminal) {
    CostTable table = new CostTable(report, terminal);
    table.best();
    table.rows();
    table.leftOut();
    table.sections.title("Assumptions");
    report.behind().forEach(table.sections::notice);
    return table.sections.lines();
  }

  private void best() {
    sections.lead(report.sentence());
    sections.leading(report.warnings());
    String dot = terminal.unicode() ? " · " : ", ";
    sections.title(
        report.model()
            + dot
            + report.training().method().label()
            + dot
            + Counts.tokens(report.tokens())
            + " tokens");
    report.counted().forEach(sections::notice);
    report.prices().cut().notice().ifPresent(sections::notice);
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT).wrapped();
    if (report.fitsSomewhere()) {
      CostSearch search = report.search();
      Purchase other = purchase == Purchase.SPOT ? Purchase.ON_DEMAND : Purchase.SPOT;
      search.cheapest(purchase).ifPresent(row -> line(grid, "Cheapest", row, purchase));
      search.cheapest(other).ifPresent(row -> line(grid, "Cheapest " + other.label(), row, other));
      search.fastest(purchase).ifPresent(row -> line(grid, "Fastest", row, purchase));
    } else {
      grid.row(new Cell(nowhere(), Style.BAD));
    }
    sections.add(grid.lines());
  }

  private String nowhere() {
    return "No machine on offer %s this run."
        .formatted(report.search().isImpossible() ? "can do" : "holds");
  }

  private void line(Grid grid, String name, CostRow row, Purchase way) {
    Offer machine = (way == Purchase.SPOT ? row.spot() : row.onDemand()).orElseThrow();
    grid.row(
        Cell.plain(name),
        Cell.bold(Money.dollars(row.cost(way).orElseThrow())),
        Cell.plain(Spans.text(row.time(way).orElseThrow())),
        Cell.plain(
            gpus(row)
                + " of "
                + PricesTable.provider(machine)
                + ", "
                + way.label()
                + " at $"
                + machine.price(way, row.machines()).orElseThrow().text(2)
                + " an hour"
                + beside(row, way, machine)
                + "; age of the price: "
                + machine.asOf().age(report.prices().today()).text()));
  }

  private static String beside(CostRow row, Purchase way, Offer machine) {
    return row.beside(way)
        .map(usd -> " and " + Money.dollars(usd) + " for " + Extra.priced(machine))
        .orElse("");
  }

  private void rows() {
    if (!report.fitsSomewhere()) {
      return;
    }
    sections.title(
        "The smallest machine of each GPU by dollars %s; age of the prices: %s"
            .formatted(purchase.label(), report.prices().age(report.used()).text()));
    Align r = Align.RIGHT;
    Grid grid = new Grid(terminal, r, r, r, r, r, Align.LEFT, Align.LEFT, r, Align.LEFT);
    grid.row(Style.DIM, "$", "spot $", "p90", "$/M tok", "hours", "range", "fit", "months", "GPUs");
    report.search().rows().forEach(row -> grid.row(cells(row)));
    sections.add(grid.lines());
    if (report.search().rows().stream().anyMatch(CostRow::isHopeless)) {
      sections.sentence(CostNotes.ofHopeless());
    }
  }

  private Cell[] cells(CostRow row) {
    boolean spot = purchase == Purchase.SPOT;
    Work work = row.work();
    String onDemand = row.onDemandCost().map(OnDemandCost::total).map(Money::text).orElse("-");
    String none = row.isHopeless() ? "hopeless" : "-";
    String expected = row.spotCost().map(SpotCost::expected).map(Money::text).orElse(none);
    boolean sure = row.runs().verdict() == Verdict.FITS;
    String fit = sure ? "fits" : Chance.text(row.runs().chance());
    return new Cell[] {
      spot ? Cell.plain(onDemand) : Cell.bold(onDemand),
      spot ? Cell.bold(expected) : Cell.plain(expected),
      Cell.plain(row.spotCost().map(SpotCost::p90).map(Money::text).orElse("-")),
      Cell.plain(perMillion(row.cost(purchase), work)),
      Cell.plain(hours(work.total())),
      Cell.dim(hours(work.low()) + "-" + hours(work.high())),
      new Cell(fit, sure ? Style.GOOD : Style.WARNING),
      Cell.dim(months(row)),
      Cell.plain(gpus(row) + row.runs().strategy().map(way -> ", " + way).orElse(""))
    };
  }

  /** How old the price is that the row goes by. */
  private String months(CostRow row) {
    Optional<Offer> machine = purchase == Purchase.SPOT ? row.spot() : row.onDemand();
    return machine
        .or(row::onDemand)
        .or(row::spot)
        .map(offer -> offer.asOf().age(report.prices().today()).inMonths())
        .orElse("-");
  }

  private static String perMillion(Optional<Usd> cost, Work work) {
    return cost.map(usd -> Money.exact(usd.perMillion(work.tokens()))).orElse("-");
  }

  private static String hours(Duration time) {
    double hours = Seconds.of(time) / HOUR;
    return hours < MANY_HOURS ? Gib.rounded(hours, 1) : Gib.grouped(Math.round(hours));
  }

  private String gpus(CostRow row) {
    String times = terminal.unicode() ? " × " : " x ";
    String machines = row.machines() == 1 ? "" : row.machines() + times;
    return machines + row.count() + times + row.gpu().name();
  }

  private void leftOut() {
    if (report.search().leftOut().isEmpty()) {
      return;
    }
    sections.title("Left out, by the largest machine on offer");
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT).wrapped();
    String times = terminal.unicode() ? " × " : " x ";
    for (LeftOut left : report.search().leftOut()) {
      grid.row(Cell.plain(left.count() + times + left.gpu().name()), Cell.dim(reason(left)));
    }
    sections.add(grid.lines());
  }

  private String reason(LeftOut left) {
    if (left.outcome() instanceof Outcome.TooLarge large) {
      return "does not fit: needs %s of %s%s"
          .formatted(
              Gib.text(large.neededBytes()),
              Gib.card(large.usableBytes()),
              left.count() == 1 ? "" : " each");
    }
    if (left.outcome() instanceof Outcome.MachineTooSmall small) {
      Shortage shortage = small.shortage();
      return "the machine has too little %s: needs %s of %s"
          .formatted(
              shortage.resource() == Resource.DISK ? "disk" : "memory of its own",
              Gib.text(shortage.neededBytes()),
              Gib.card(shortage.availableBytes()));
    }
    return ((Outcome.Unknown) left.outcome()).reason().line(terminal.words());
  }
}
