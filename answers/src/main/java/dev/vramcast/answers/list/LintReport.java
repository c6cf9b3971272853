package dev.vramcast.answers.list;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    if (findings.isEmpty()) {
      return lines;
    }
    lines.add("");
    Grid grid = new Grid(terminal, Align.RIGHT, Align.LEFT, Align.LEFT).wrapped();
    grid.row(Style.DIM, "line", "finding", "what");
    for (Finding finding : findings) {
      Style style = finding.code().isWarning() ? Style.BOLD : Style.PLAIN;
      boolean elsewhere = !finding.file().equals(reading.file());
      grid.row(
          Cell.plain(finding.line() > 0 ? String.valueOf(finding.line()) : "-"),
          new Cell(finding.code().label(), style),
          Cell.plain((elsewhere ? finding.file() + ": " : "") + finding.message()));
    }
    lines.addAll(grid.lines());
    return lines;
  }

  @Override
  public Map<String, Object> json(String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vramcast_version", version);
    json.put("kind", "lint");
    json.put("file", reading.file());
    json.put("format", reading.format().label());
    json.put("findings", sorted().stream().map(LintReport::json).toList());
    json.put("job", plain(reading.document()));
    return json;
  }

  private List<Finding> sorted() {
    return reading.findings().stream().sorted(BY_PLACE).toList();
  }

  private static Map<String, Object> plain(JobDocument document) {
    Map<String, Object> values = new LinkedHashMap<>();
    document
        .entries()
        .forEach((key, entry) -> values.put(key.path(), key.kind().plain(entry.value())));
    return values;
  }

  private static Map<String, Object> json(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", finding.code().label());
    json.put("severity", finding.code().isWarning() ? "warning" : "note");
    json.put("file", finding.file());
    json.put("line", finding.line() > 0 ? finding.line() : null);
    json.put("key", finding.key());
    json.put("value", finding.value());
    json.put("message", finding.message());
    return json;
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
