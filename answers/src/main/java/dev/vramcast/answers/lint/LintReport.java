package dev.vramcast.answers.lint;

import dev.vramcast.answers.first.ReadFromFile;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was found in a training file, by line.
 *
 * @param reading the file as it was read
 */
public record LintReport(Reading reading) implements Answer {

  private static final Comparator<Finding> BY_PLACE =
      Comparator.comparing((Finding finding) -> finding.line() == 0)
          .thenComparing(Finding::file)
          .thenComparing(Finding::line);

  @Override
  public List<String> lines(Terminal terminal) {
    List<Finding> findings = sorted();
    List<String> lines = new ArrayList<>();
    long warnings = findings.stream().filter(finding -> finding.code().isWarning()).count();
    lines.add(
        "%s is read as %s: %s, %s"
            .formatted(
                reading.file(),
                reading.format().title(),
                count(warnings, "warning"),
                count(findings.size() - warnings, "note")));
    Sections read = new Sections(terminal);
    ReadFromFile.of(reading.document()).ifPresent(read::notice);
    lines.addAll(read.lines());
    if (findings.isEmpty()) {
      return lines;
    }
    lines.add("");
    Grid grid = new Grid(terminal, Align.RIGHT, Align.LEFT, Align.LEFT).wrapped();
    grid.row(Style.DIM, "line", "finding", "what");
    for (Finding finding : findings) {
      Style style = finding.code().isWarning() ? Style.BOLD : Style.PLAIN;
      grid.row(
          Cell.plain(finding.line() > 0 ? String.valueOf(finding.line()) : "-"),
          new Cell(finding.code().label(), style),
          Cell.plain(text(finding, terminal)));
    }
    lines.addAll(grid.lines());
    return lines;
  }

  private String text(Finding finding, Terminal terminal) {
    Phrase message = finding.message().anywhere();
    return new Notice(Optional.empty(), file(finding).and(message)).sentence(terminal.words());
  }

  /** The file of a finding, where it is another one. */
  private Phrase file(Finding finding) {
    return finding.file().equals(reading.file()) ? Phrase.EMPTY : Phrase.of(finding.file(), ": ");
  }

  @Override
  public Record record() {
    return LintRecord.of(this);
  }

  /** By their lines; what has none comes last. */
  List<Finding> sorted() {
    return reading.findings().stream().sorted(BY_PLACE).toList();
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
