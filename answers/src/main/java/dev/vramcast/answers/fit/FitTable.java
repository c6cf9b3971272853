package dev.vramcast.answers.fit;

import dev.vramcast.answers.first.BestChange;
import dev.vramcast.answers.first.ChangeCosts;
import dev.vramcast.answers.first.LifeWords;
import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.memory.PeakText;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.TimeEffect;
import dev.vramcast.core.fit.TimeEffect.Basis;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.Verdict;
import java.util.List;
import java.util.OptionalDouble;

/** {@link FitReport} for people. */
public final class FitTable {

  private static final String TIME =
      "time: what as many tokens take after the change for what they took before it. Empty where no"
          + " rates are known, or where the time model has no part in the change.";

  private final FitReport report;
  private final Terminal terminal;
  private final Sections sections;

  private FitTable(FitReport report, Terminal terminal) {
    this.report = report;
    this.terminal = terminal;
    this.sections = new Sections(terminal);
  }

  /**
   * The lines of the table: the first screen, and what is asked for beside it.
   *
   * @param explain show all changes that save memory, and every assumption
   */
  static List<String> lines(FitReport report, Terminal terminal, boolean explain) {
    FitTable table = new FitTable(report, terminal);
    report.first().addTo(table.sections, terminal, explain);
    if (explain) {
      table.verdict();
      report.advice().ifPresent(table::advice);
    } else {
      table.sections.more(
          (report.advice().isPresent() ? "All changes and assumptions" : "All assumptions")
              + ": --explain");
    }
    return table.sections.lines();
  }

  public static Style style(Verdict verdict) {
    return switch (verdict) {
      case FITS -> Style.GOOD;
      case TIGHT, NOT_MODELLED -> Style.WARNING;
      case DOES_NOT_FIT -> Style.BAD;
    };
  }

  private static void decides(Shortage lacking, Grid grid) {
    String of = BestChange.of(lacking.resource());
    grid.row(
        Cell.plain("Needs"),
        Cell.plain(Gib.text(lacking.neededBytes())),
        Cell.dim((of.isEmpty() ? "of the card" : of.strip()) + ", " + LifeWords.when(lacking)));
    grid.row(Cell.plain("There are"), Cell.plain(Gib.text(lacking.availableBytes())));
  }

  /** What is left, or missing of what decides, e.g. {@code 2.10 GiB to spare}. */
  public static String spare(FitCheck check) {
    if (check.shortage().isPresent()) {
      Shortage lacking = check.shortage().get();
      return Gib.text(lacking.neededBytes() - lacking.availableBytes())
          + " too much"
          + LifeWords.room(lacking.resource());
    }
    long bytes = check.spareBytes();
    return bytes >= 0 ? Gib.text(bytes) + " to spare" : Gib.text(-bytes) + " too much";
  }

  private void verdict() {
    FitCheck check = report.check();
    Style style = style(check.verdict());
    String dot = terminal.unicode() ? " · " : ", ";
    String verdict = Chance.verdict(check.verdict(), check.chance(), isEnough(check));
    String words =
        verdict
            + ", "
            + (check.shortage().isPresent() ? "" : Chance.words(check.chance()))
            + spare(check);
    sections.title(
        report.model()
            + dot
            + check.resolution().job().method().label()
            + dot
            + gpus(check)
            + report.gpu().name());
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT);
    grid.row(new Cell("Verdict", Style.BOLD), new Cell(words, style));
    check.shortage().ifPresent(lacking -> decides(lacking, grid));
    grid.row(
        Cell.plain(check.shortage().isPresent() ? "Steps need" : "Needs"),
        Cell.plain(Gib.text(check.deviceBytes())),
        Cell.dim(range(check)));
    grid.row(
        Cell.plain("May take"),
        Cell.plain(Gib.text(check.usableBytes())),
        Cell.dim(
            report.card().keptFreeBytes() > 0
                ? "of the card, " + Gib.text(report.card().keptFreeBytes()) + " are kept free"
                : "all of the card"));
    sections.add(grid.lines());
  }

  private static boolean isEnough(FitCheck check) {
    return check.spareBytes() >= 0 && check.shortage().isEmpty();
  }

  private String gpus(FitCheck check) {
    int count = check.resolution().job().parallelism().gpus();
    return count == 1 ? "" : count + " x ";
  }

  private String range(FitCheck check) {
    ByteRange range = check.range();
    return Gib.rounded(Gib.of(range.lowBytes()), 2)
        + " to "
        + Gib.text(range.highBytes())
        + ", most "
        + PeakText.of(check.memory().worst());
  }

  private void advice(Advice advice) {
    if (advice.alone().isEmpty()) {
      sections.title("What would make it fit");
      sections.sentence("Nothing that is known: no change of this job saves memory.");
      return;
    }
    sections.title("What would save memory, the smallest drawback first; each on its own");
    sections.add(steps(advice.alone(), true));
    if (advice.alone().stream().anyMatch(step -> time(step).factor().isPresent())) {
      sections.sentence(TIME);
    }
    if (!advice.likely().isEmpty()) {
      boolean one = report.check().resolution().job().parallelism().gpus() == 1;
      sections.title(
          (one ? "On this card" : "On these cards") + " these make it probable together");
      sections.add(steps(advice.likely(), false));
    }
    boolean reached =
        !advice.together().isEmpty()
            && advice.together().get(advice.together().size() - 1).after().fits();
    sections.title(
        reached
            ? "Together these make it fit"
            : "Together, as far as it goes, it still does not fit");
    sections.add(steps(advice.together(), false));
    if (advice.together().size() > 1) {
      advice.time(report.profile()).ifPresent(this::whole);
    }
  }

  private void whole(TimeEffect time) {
    time.factor()
        .ifPresent(
            factor ->
                sections.sentence("In all, as many tokens take " + times(factor) + " the time."));
  }

  private TimeEffect time(Advice.Step step) {
    return step.time(report.profile());
  }

  private static String times(double factor) {
    return "x" + Gib.rounded(factor, 2);
  }

  private static String costs(Advice.Step step, TimeEffect time) {
    String words = ChangeCosts.words(step);
    return time.basis() == Basis.NOT_MODELLED ? words + "; time not modelled" : words;
  }

  private List<String> steps(List<Advice.Step> steps, boolean alone) {
    Align left = Align.LEFT;
    Align right = Align.RIGHT;
    Grid grid = new Grid(terminal, left, right, right, left, right, left).wrapped();
    List<String> of = steps.stream().map(Advice.Step::resource).map(BestChange::of).toList();
    boolean same = of.stream().distinct().count() == 1;
    grid.row(Style.DIM, "", "saves", same ? "needs" + of.get(0) : "needs", "", "time", "costs");
    for (Advice.Step step : steps) {
      Verdict verdict = step.after().verdict();
      TimeEffect time = time(step);
      OptionalDouble factor = time.factor();
      boolean other = step.change().card().isPresent();
      grid.row(
          Cell.plain((alone ? "" : "+ ") + step.change().name()),
          Cell.plain(other ? "" : Gib.text(step.savedBytes())),
          Cell.plain(Gib.text(step.neededBytes()) + (same ? "" : BestChange.of(step.resource()))),
          new Cell(verdict.words(), style(verdict)),
          Cell.plain(factor.isPresent() ? times(factor.getAsDouble()) : ""),
          Cell.dim(costs(step, time)));
    }
    return grid.lines();
  }
}
