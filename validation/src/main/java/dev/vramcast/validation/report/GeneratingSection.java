package dev.vramcast.validation.report;

import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.Grouping;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.SpeedCheck;
import dev.vramcast.validation.Summary;
import java.util.List;

/** Speeds of whole steps that generate, score and train, which nothing is fitted to. */
final class GeneratingSection {

  private final Markdown page;
  private final Explanations explanations;
  private final Report report;

  GeneratingSection(Markdown page, Explanations explanations, Report report) {
    this.page = page;
    this.explanations = explanations;
    this.report = report;
  }

  void write() {
    if (report.results().isEmpty()) {
      return;
    }
    page.heading(2, "Speed of stages that generate");
    page.paragraph(
        """
        Tokens a second of whole steps: completions are generated, scored and trained on. Nothing of
        the estimate is fitted to these runs, of which most state the longest completion alone and
        not the mean.
        """);
    page.table(
        List.of("source", "cases", "median", "p90", "max", "signed median"),
        report.groups(Grouping.SOURCE).stream()
            .map(group -> row(group.name(), group.summary()))
            .toList());
    page.textTable(
        List.of("case", "estimated tokens/s", "measured", "error", "why"),
        report.worst(Integer.MAX_VALUE).stream().map(this::errorRow).toList());
  }

  private static List<String> row(String name, Summary summary) {
    return List.of(
        name,
        String.valueOf(summary.cases()),
        Percent.of(summary.errors().median()),
        Percent.of(summary.errors().p90()),
        Percent.of(summary.errors().max()),
        Percent.signed(summary.errors().signedMedian()));
  }

  private List<String> errorRow(CaseResult result) {
    SpeedCheck speed = result.speed().orElseThrow();
    return List.of(
        result.id(),
        String.valueOf(Math.round(speed.estimated())),
        String.valueOf(Math.round(speed.measured())),
        Percent.signed(result.error()),
        explanations.of(result.id()).orElse("–"));
  }
}
