package dev.vramcast.answers.prices;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Counts;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.price.refresh.Refresh;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.PriceAge;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What became of sources that were asked for their prices.
 *
 * @param kept where prices are kept
 * @param today tells how old those are that stay
 */
public record RefreshReport(List<Refresh.Outcome> outcomes, KeptPrices kept, LocalDate today)
    implements Answer {

  public RefreshReport {
    outcomes = List.copyOf(outcomes);
  }

  /** How many sources gave prices that are to be believed. */
  public long fetched() {
    return outcomes.stream().filter(outcome -> outcome.failure().isEmpty()).count();
  }

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    sections.title(
        "Prices of "
            + fetched()
            + " of "
            + Counts.of(outcomes.size(), "source")
            + " fetched"
            + kept.folder()
                .map(folder -> " into " + PricesTable.clean(folder.toString()))
                .orElse(""));
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT).wrapped();
    outcomes.forEach(outcome -> grid.row(cells(outcome)));
    sections.add(grid.lines());
    if (fetched() < outcomes.size()) {
      sections.sentence(
          "What was kept of a source that failed stays as it is; where nothing was, the"
              + " program's own list is asked, whose prices are "
              + own().text()
              + " old.");
    }
    return sections.lines();
  }

  private Cell[] cells(Refresh.Outcome outcome) {
    boolean failed = outcome.failure().isPresent();
    String age = age(outcome).map(PriceAge::text).orElse("nothing kept");
    int dropped = outcome.leftOut().size();
    String detail =
        outcome
            .failure()
            .map(RefreshReport::reason)
            .orElse(dropped == 0 ? "" : Counts.of(dropped, "row") + " left out");
    return new Cell[] {
      Cell.plain(outcome.source().name()),
      Cell.plain(Counts.of(outcome.offers().size(), "offer")),
      new Cell(failed ? "not fetched, " + age : "fetched", failed ? Style.WARNING : Style.GOOD),
      Cell.dim(PricesTable.clean(detail))
    };
  }

  /** How old what is kept of a source is; empty where nothing is. */
  Optional<PriceAge> age(Refresh.Outcome outcome) {
    return PriceAge.of(outcome.offers(), today);
  }

  static String reason(InputException failure) {
    return failure.error().line(ProgramWords.ALL);
  }

  private PriceAge own() {
    return PriceAge.of(KeptPrices.NONE.usual().get(0).list().offers(), today).orElseThrow();
  }

  @Override
  public Record record() {
    return RefreshRecord.of(this);
  }
}
