package dev.vramcast.validation.report;

import dev.vramcast.core.time.SpeedRange;
import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.Grouping;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.SpeedCheck;
import dev.vramcast.validation.Summary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The part of the page on accuracy that is about tokens a second. */
final class SpeedSection {

  /** What the estimates are meant to reach. */
  static final double MEDIAN = 0.12;

  static final double P90 = 0.4;

  private final Markdown page;
  private final Explanations explanations;
  private final Report report;

  SpeedSection(Markdown page, Explanations explanations, Report report) {
    this.page = page;
    this.explanations = explanations;
    this.report = report;
  }

  void write() {
    page.heading(2, "Speed");
    page.paragraph(
        """
        Tokens a second that others published, against the estimate. An error is the estimate
        divided by the measurement, less 1, so + is too fast. The few coefficients of the estimate
        are fitted to published runs, most of these among them. What to expect of a run from
        somewhere new is the range: it comes from the errors on sources that a fit had left out.
        """);
    target();
    ranges();
    for (Grouping by :
        List.of(
            Grouping.SCOPE,
            Grouping.SOURCE,
            Grouping.METHOD,
            Grouping.PARALLELISM,
            Grouping.FRAMEWORK)) {
      page.table(
          List.of(by.label().replace('_', ' '), "cases", "median", "p90", "max", "signed median"),
          report.groups(by).stream().map(group -> row(group.name(), group.summary())).toList());
    }
    errors();
  }

  private void target() {
    Summary all = report.overall();
    boolean met =
        all.errors().median().orElse(1) <= MEDIAN
            && all.errors().p90().orElse(1) <= P90
            && all.unsupported() == 0;
    page.textTable(
        List.of("cases", "count", "median", "p90", "p95", "unsupported", "target", "met"),
        List.of(
            List.of(
                "tokens per second",
                String.valueOf(all.cases() - caps()),
                Percent.of(all.errors().median()),
                Percent.of(all.errors().p90()),
                Percent.of(all.errors().p95()),
                Percent.of(all.unsupportedShare()),
                "median ≤ " + Percent.of(MEDIAN) + ", p90 ≤ " + Percent.of(P90),
                met ? "yes" : "not yet")));
    page.paragraph(
        "%d runs are left out, whose length is only a cap, so that their speed says nothing."
            .formatted(caps()));
  }

  private int caps() {
    return (int) report.results().stream().filter(CaseResult::isSpeedOfCap).count();
  }

  private void ranges() {
    Map<String, List<SpeedCheck>> byKind =
        report.results().stream()
            .filter(result -> !result.isSpeedOfCap())
            .flatMap(result -> result.speed().stream())
            .collect(
                Collectors.groupingBy(
                    check -> check.range().kind(), TreeMap::new, Collectors.toList()));
    page.paragraph("The range is made to hold %.0f %%:".formatted(100 * SpeedRange.SHARE));
    page.table(
        List.of("range made from", "cases", "inside", "share"),
        byKind.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue())).toList());
  }

  private static List<String> row(String kind, List<SpeedCheck> checks) {
    long inside = checks.stream().filter(SpeedCheck::isInside).count();
    return List.of(
        kind,
        String.valueOf(checks.size()),
        String.valueOf(inside),
        Percent.of((double) inside / checks.size()));
  }

  private static List<String> row(String name, Summary s) {
    return List.of(
        name,
        String.valueOf(s.cases()),
        Percent.of(s.errors().median()),
        Percent.of(s.errors().p90()),
        Percent.of(s.errors().max()),
        Percent.signed(s.errors().signedMedian()));
  }

  private void errors() {
    page.heading(3, "Errors of speed above " + Percent.of(P90));
    List<CaseResult> large =
        report.worst(Integer.MAX_VALUE).stream()
            .filter(r -> Math.abs(r.error().orElseThrow()) > P90)
            .toList();
    if (large.isEmpty()) {
      page.paragraph("None.");
      return;
    }
    page.textTable(
        List.of("case", "source", "estimated tokens/s", "measured", "error", "why"),
        large.stream().map(this::errorRow).toList());
  }

  private List<String> errorRow(CaseResult r) {
    SpeedCheck speed = r.speed().orElseThrow();
    return List.of(
        r.id(),
        r.labels().source(),
        String.valueOf(Math.round(speed.estimated())),
        String.valueOf(Math.round(speed.measured())),
        Percent.signed(r.error()),
        explanations.of(r.id()).orElse("not explained"));
  }
}
