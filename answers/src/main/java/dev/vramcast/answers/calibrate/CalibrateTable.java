package dev.vramcast.answers.calibrate;

import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.answers.correction.CorrectionLines;
import dev.vramcast.answers.memory.Expectation;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.calibration.Attribution.Part;
import dev.vramcast.core.calibration.MeasuredSpeed;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.input.Subject;
import java.util.List;
import java.util.Optional;

/** {@link CalibrateReport} for people. */
final class CalibrateTable {

  private static final long NO_DIFFERENCE = MIB;

  private final CalibrateReport report;
  private final Terminal terminal;
  private final Sections sections;

  private CalibrateTable(CalibrateReport report, Terminal terminal) {
    this.report = report;
    this.terminal = terminal;
    this.sections = new Sections(terminal);
  }

  static List<String> lines(CalibrateReport report, Terminal terminal) {
    CalibrateTable table = new CalibrateTable(report, terminal);
    table.figures();
    table.parts("Where the difference lies", report.attribution().parts());
    table.parts("What was alive at the peak", report.attribution().components());
    table.sentences("What these data cannot tell", report.attribution().untold());
    table.sentences(
        "What the difference may come from",
        report.hints().stream().map(hint -> hint.sentence(terminal.words())).toList());
    table.sentences("How the figures are to be read", report.run().notes());
    table.kept();
    return table.sections.lines();
  }

  private void figures() {
    String dot = terminal.unicode() ? " · " : ", ";
    sections.title(
        report.estimate().model().id()
            + dot
            + report.estimate().resolution().job().method().label()
            + dot
            + report.estimate().gpu().map(gpu -> gpu.name()).orElse("no card named")
            + ": "
            + String.join(", ", report.run().sources()));
    sections.leading(report.warnings());
    Grid grid =
        new Grid(
            terminal, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
    grid.row(Style.DIM, "", "measured", "estimated", "difference", "", "90 % range");
    for (RunFigure figure : RunFigure.values()) {
      report
          .run()
          .figure(figure)
          .ifPresent(
              measured ->
                  grid.row(
                      Cell.plain(figure.label()),
                      Cell.bold(Gib.text(measured.bytes())),
                      Cell.plain(Gib.text(report.estimated().bytes(figure))),
                      Cell.plain(difference(measured.bytes() - report.estimated().bytes(figure))),
                      Cell.plain(percent(measured.bytes(), report.estimated().bytes(figure))),
                      range(figure, measured.bytes())));
    }
    report.run().speed().ifPresent(speed -> speed(grid, speed));
    sections.add(grid.lines());
  }

  private void speed(Grid grid, MeasuredSpeed measured) {
    double total = measured.total(report.gpus());
    if (report.estimated().tokensPerSecond().isEmpty()) {
      grid.row(Cell.plain("tokens/s"), Cell.bold(count(total)), Cell.dim("-"), Cell.dim(""));
      return;
    }
    double estimated = report.estimated().tokensPerSecond().getAsDouble();
    String sign = total >= estimated ? "+" : "";
    grid.row(
        Cell.plain("tokens/s"),
        Cell.bold(count(total)),
        Cell.plain(count(estimated)),
        Cell.plain(sign + count(total - estimated)),
        Cell.plain(percent(total, estimated)),
        Cell.dim(measured.counted().words()));
  }

  private Cell range(RunFigure figure, long bytes) {
    ExpectedMemory expected = report.expected();
    Optional<Expectation> expectation =
        switch (figure) {
          case AFTER_LOAD -> Optional.empty();
          case ALLOCATED -> Optional.of(expected.allocated());
          case RESERVED -> Optional.of(expected.reserved());
          case DEVICE -> Optional.of(expected.device());
        };
    return expectation
        .flatMap(Expectation::range)
        .map(range -> range.contains(bytes))
        .map(in -> new Cell(in ? "inside" : "outside", in ? Style.GOOD : Style.WARNING))
        .orElse(Cell.plain(""));
  }

  private void parts(String title, List<Part> parts) {
    if (parts.isEmpty()) {
      return;
    }
    sections.title(title);
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
    grid.row(Style.DIM, "", "measured", "estimated", "difference", "");
    for (Part part : parts) {
      grid.row(
          Cell.plain(part.name()),
          Cell.plain(Gib.text(part.measuredBytes())),
          Cell.plain(Gib.text(part.estimatedBytes())),
          Cell.bold(difference(part.differenceBytes())),
          Cell.dim(part.meaning()));
    }
    sections.add(grid.lines());
  }

  private void sentences(String title, List<String> sentences) {
    if (!sentences.isEmpty()) {
      sections.title(title);
      sentences.forEach(sections::sentence);
    }
  }

  private void kept() {
    report
        .kept()
        .ifPresent(
            kept -> {
              sections.title("Kept as '" + kept.correction().name() + "' in " + kept.file());
              sections.sentence(CorrectionLines.factors(kept.correction()));
              sections.sentence(
                  "Later estimates of such jobs on this card name and use it; ",
                  new Subject.Operation("calibrate"),
                  " ",
                  Subject.option("--forget"),
                  " ",
                  kept.correction().name(),
                  " drops it.");
            });
  }

  private static String difference(long bytes) {
    if (Math.abs(bytes) < NO_DIFFERENCE) {
      return "0.00 GiB";
    }
    return (bytes > 0 ? "+" : "") + Gib.text(bytes);
  }

  private static String percent(double measured, double estimated) {
    double percent = 100 * (measured / estimated - 1);
    return (percent >= 0 ? "+" : "") + Gib.rounded(percent, 1) + " %";
  }

  private static String count(double number) {
    return Gib.grouped(Math.round(number));
  }
}
