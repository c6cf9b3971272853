package dev.vramcast.answers.max;

import dev.vramcast.answers.first.Taken;
import dev.vramcast.answers.fit.FitTable;
import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.request.CardMemory;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.Lengthening;
import dev.vramcast.core.fit.Maximum;
import dev.vramcast.core.input.Notice;
import java.util.List;
import java.util.Optional;

/**
 * The largest batch or image or the longest sequence that a card holds.
 *
 * @param sought what was searched
 * @param most the search ended here
 * @param longer changes with which longer sequences fit; none where a batch was searched
 * @param warnings what is to be known of it
 */
public record LimitReport(
    String model,
    String card,
    Sought sought,
    int most,
    Ends ends,
    List<Lengthening> longer,
    List<Notice> warnings)
    implements Answer {

  /**
   * Where the search ended.
   *
   * @param sure what fits with the whole range; empty when nothing does
   * @param likely what fits by the estimate; empty when nothing does
   * @param least there where nothing fits by the estimate
   */
  public record Ends(Optional<Maximum> sure, Optional<Maximum> likely, Optional<Least> least) {

    /** A job that the search tried, the one that fits if there is one. */
    Optional<FitCheck> check() {
      return likely.or(() -> sure).map(Maximum::check).or(() -> least.map(Least::check));
    }
  }

  public LimitReport {
    longer = List.copyOf(longer);
    warnings = List.copyOf(warnings);
  }

  /** As {@code 8 × H100 SXM5 80GB}. */
  String cards() {
    int gpus = ends.check().map(check -> check.resolution().job().parallelism().gpus()).orElse(1);
    return CardMemory.counted(gpus, card);
  }

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    sections.lead(LimitSentence.of(this));
    sections.leading(warnings);
    sections.title("Largest " + sought.words() + " of " + model + " on " + cards());
    ends.check().map(Taken::lines).ifPresent(lines -> lines.forEach(sections::notice));
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT).wrapped();
    row(grid, "for certain", ends.sure(), Style.GOOD);
    row(grid, "by the estimate", ends.likely(), Style.WARNING);
    sections.add(grid.lines());
    ends.least().ifPresent(smallest -> help(smallest, sections));
    lengthen(sections, terminal);
    return sections.lines();
  }

  private static void help(Least least, Sections sections) {
    sections.title("What would help most");
    least.unquantised().ifPresent(part -> sections.sentence(part.sentence()));
    sections.sentence(least.help());
  }

  private void lengthen(Sections sections, Terminal terminal) {
    if (longer.isEmpty()) {
      return;
    }
    sections.title("Longer by the estimate, each alone");
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT, Align.LEFT).wrapped();
    for (Lengthening each : longer) {
      grid.row(
          Cell.plain(each.change().name()),
          new Cell(String.valueOf(each.tokens()), style(each.check())),
          Cell.plain(likely(each.check())),
          Cell.dim(each.change().cost()));
    }
    sections.add(grid.lines());
  }

  private void row(Grid grid, String name, Optional<Maximum> found, Style style) {
    String value = found.map(maximum -> sought.shown(maximum.value())).orElse("none");
    String need =
        found
            .map(
                maximum ->
                    "needs "
                        + Gib.text(maximum.check().deviceBytes())
                        + ", "
                        + likely(maximum.check())
                        + ", "
                        + FitTable.spare(maximum.check())
                        + (sought.isBesideText() ? tokens(maximum) : "")
                        + (maximum.value() == most ? "; " + sought.beyond() : ""))
            .or(() -> ends.least().map(smallest -> smallest.need(sought.shown(smallest.value()))))
            .orElse("not even the least that was tried fits");
    grid.row(
        Cell.plain(name), new Cell(value, found.isPresent() ? style : Style.BAD), Cell.dim(need));
  }

  /** How sure it is that a job fits which does by the estimate. */
  private static String likely(FitCheck check) {
    String words = Chance.verdict(check.verdict(), check.chance(), true);
    return check.chance().isPresent() ? words + " (" + Chance.text(check.chance()) + ")" : words;
  }

  private static Style style(FitCheck check) {
    return check.fits() ? Style.GOOD : Style.WARNING;
  }

  private static String tokens(Maximum maximum) {
    return ", a sequence of "
        + maximum.check().resolution().job().batch().sequenceLength()
        + " tokens";
  }

  @Override
  public Record record() {
    return LimitRecord.of(this);
  }
}
