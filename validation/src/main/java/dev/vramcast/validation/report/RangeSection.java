package dev.vramcast.validation.report;

import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.validation.Coverage;
import dev.vramcast.validation.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The part of the page on accuracy that is about ranges. */
final class RangeSection {

  private final Markdown page;

  private final RangeTable ranges;

  RangeSection(Markdown page, RangeTable ranges) {
    this.page = page;
    this.ranges = ranges;
  }

  void write(Report exact, Report measured) {
    page.heading(2, "Ranges");
    page.paragraph(
        """
        Every estimate has a range that is made to hold %.0f %% of the runs of its kind. It is the
        errors on the measured cases that make it, each source weighing alike. A case is judged by
        the range that follows from all other sources, as a run from somewhere new would be; exact
        cases, which have one source, by that from all other types of models.
        """
            .formatted(ErrorRange.SHARE * 100));
    Coverage all = Report.join(exact, measured).coverage();
    page.paragraph(
        "Of %d truths %d lie in their range: %s."
            .formatted(all.truths(), all.inside(), Percent.of(all.share())));
    page.paragraph(
        """
        Where the length is a cap, a truth is inside unless it is above the range; `uncapped` leaves
        such runs out. `out of memory` is how many of the runs that ended so have a range that
        reaches above what the card has: the others would have been said to fit for certain.
        """);
    table("quality", exact, measured, Report::coveragesByQuality);
    table("range made from", exact, measured, Report::coveragesByRange);
    page.paragraph("The ranges, as multiples of the estimate:");
    page.table(
        List.of("runs of", "runs", "sources", "low", "high", "checked", "inside"),
        ranges.rows().stream()
            .filter(row -> row.leftOut().isEmpty())
            .map(RangeSection::row)
            .toList());
  }

  private void table(
      String by, Report exact, Report measured, Function<Report, List<Coverage>> groups) {
    List<Coverage> rows = new ArrayList<>(groups.apply(exact));
    rows.addAll(groups.apply(measured));
    page.table(
        List.of(by, "truths", "inside", "share", "uncapped", "out of memory", "no range"),
        rows.stream().map(RangeSection::row).toList());
  }

  private static List<String> row(Coverage c) {
    return List.of(
        c.name(),
        String.valueOf(c.truths()),
        String.valueOf(c.inside()),
        Percent.of(c.share()),
        Percent.of(c.uncappedShare()),
        c.outOfMemoryInside() + " of " + c.outOfMemory(),
        String.valueOf(c.withoutRange()));
  }

  private static List<String> row(RangeRow row) {
    return List.of(
        row.key().words(),
        String.valueOf(row.runs()),
        String.valueOf(row.sources()),
        factor(row.range().low()),
        factor(row.range().high()),
        String.valueOf(row.checked()),
        String.valueOf(row.inside()));
  }

  private static String factor(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
