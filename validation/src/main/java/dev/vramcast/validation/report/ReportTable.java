package dev.vramcast.validation.report;

import dev.vramcast.core.input.Shown;
import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.Coverage;
import dev.vramcast.validation.Grouping;
import dev.vramcast.validation.PhaseSummary;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.SpeedCheck;
import dev.vramcast.validation.Summary;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report for a terminal. */
public final class ReportTable {

  private static final int WORST = 10;
  private static final int NAME = 42;
  private static final int KIND = 60;
  private static final String RANGE_ROW = "%-" + KIND + "s %6s %6s %8s %8s %6s %5s";
  private static final String ROW = "%-" + NAME + "s %5s %6s %8s %8s %8s %8s %10s %6s";

  private final StringBuilder out = new StringBuilder();

  private ReportTable() {}

  /** The report as lines of at most 110 columns. */
  public static String of(Report report) {
    ReportTable table = new ReportTable();
    table.write(report);
    return table.out.toString();
  }

  private void write(Report report) {
    line(ROW, "", "cases", "unsup.", "median", "p90", "p95", "max", "signed", "false");
    line(ROW, "", "", "", "error", "error", "error", "error", "median", "fits");
    row("all", report.overall());
    for (Grouping by : Grouping.values()) {
      groups(report, by);
    }
    phases(report);
    ranges(report);
    unsupported(report);
    worst(report);
  }

  private void groups(Report report, Grouping by) {
    List<Grouping.Group> groups = report.groups(by);
    if (!groups.isEmpty()) {
      out.append('\n').append(by.label().replace('_', ' ')).append('\n');
      groups.forEach(group -> row("  " + group.name(), group.summary()));
    }
  }

  private void row(String name, Summary s) {
    line(
        ROW,
        cut(name, NAME),
        s.cases(),
        s.unsupported(),
        Percent.of(s.errors().median()),
        Percent.of(s.errors().p90()),
        Percent.of(s.errors().p95()),
        Percent.of(s.errors().max()),
        Percent.signed(s.errors().signedMedian()),
        s.falseFits());
  }

  private void phases(Report report) {
    if (report.phases().isEmpty()) {
      return;
    }
    out.append("\nphase of the step\n");
    for (PhaseSummary p : report.phases()) {
      line(
          ROW,
          "  " + p.phase().key(),
          p.cases(),
          "",
          Percent.of(p.median()),
          "",
          Percent.of(p.p95()),
          Percent.of(p.max()),
          Percent.signed(p.signedMedian()),
          "");
    }
  }

  private void ranges(Report report) {
    if (report.coveragesByFigure().isEmpty()) {
      return;
    }
    out.append('\n');
    line(RANGE_ROW, "truths in their range", "truths", "inside", "share", "median", "out of", "no");
    line(RANGE_ROW, "each made without its source", "", "", "", "width", "memory", "range");
    range("all", report.coverage());
    report.coveragesByQuality().forEach(each -> range("  " + each.name(), each));
    report.coveragesByFigure().forEach(each -> range("  " + each.name(), each));
    report.coveragesBySource().forEach(each -> range("  " + each.name(), each));
  }

  private void range(String name, Coverage c) {
    line(
        RANGE_ROW,
        cut(name, KIND),
        c.truths().count(),
        c.truths().inside(),
        Percent.of(c.share()),
        Percent.of(c.width()),
        c.outOfMemory().inside() + "/" + c.outOfMemory().count(),
        c.withoutRange());
  }

  private void unsupported(Report report) {
    if (report.overall().reasons().isEmpty()) {
      return;
    }
    out.append("\nnot supported\n");
    for (Map.Entry<String, Long> reason : report.overall().reasons().entrySet()) {
      line("%6d  %s", reason.getValue(), reason.getKey());
    }
  }

  private void worst(Report all) {
    worstSpeeds(all.only(CaseResult::isThroughput));
    Report report = all.only(result -> !result.isThroughput());
    if (report.worst(1).isEmpty()) {
      return;
    }
    out.append("\nlargest errors\n");
    line("  %-24s %14s %14s %10s", "case", "estimated GiB", "measured GiB", "error");
    for (CaseResult result : report.worst(WORST)) {
      line(
          "  %-24s %14s %14s %10s",
          Shown.oneLine(result.id()),
          Percent.gib(result.estimatedBytes().orElseThrow()),
          Percent.gib(result.measuredPeakBytes().orElseThrow()),
          Percent.signed(result.error()));
    }
  }

  private void worstSpeeds(Report report) {
    if (report.worst(1).isEmpty()) {
      return;
    }
    out.append("\nlargest errors of speed\n");
    line("  %-24s %14s %14s %10s", "case", "est. tokens/s", "meas. tokens/s", "error");
    for (CaseResult result : report.worst(WORST)) {
      SpeedCheck speed = result.speed().orElseThrow();
      line(
          "  %-24s %14.0f %14.0f %10s",
          Shown.oneLine(result.id()),
          speed.estimated(),
          speed.measured(),
          Percent.signed(result.error()));
    }
  }

  private void line(String format, Object... values) {
    String line = String.format(Locale.ROOT, format.replace("", ""), values);
    out.append(line.stripTrailing()).append('\n');
  }

  private static String cut(String name, int width) {
    String line = Shown.oneLine(name);
    return line.length() <= width ? line : line.substring(0, width - 3) + "...";
  }
}
