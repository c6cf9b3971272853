package dev.vramcast.validation.report;

import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.validation.Coverage;
import dev.vramcast.validation.Report;
import java.util.ArrayList;
import java.util.List;
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
        Every estimate has a range that is made to hold %.0f %% of the runs of its kind. It comes
        from the errors on runs of the same framework, kind of model, spread over GPUs, stage and
        age of code, for the same number (allocated, reserved, device). Each group of runs is held
        within the wider ones around it, down to the runs of all frameworks: the next run is of a
        source like one of those in the group, or, as if by %s sources more, it is like the wider
        group. Sources weigh alike, not runs. Among runs of other frameworks it is the size of an
        error that is learnt and not its sign. For a framework that nobody has run, the range is
        that of all frameworks, and the answer says so.
        """
            .formatted(ErrorRange.SHARE * 100, sources()));
    page.paragraph(
        """
        Five sorts of runs are no truths about a job, each by a rule: where the length is a cap the
        run may have been shorter; where experts stand on several GPUs and nobody says how unevenly
        tokens went to them, one of these may have had more than is counted, so that such a run is
        an error below its range alone, and widens the ranges of such jobs alone; what somebody
        reported for its memory (an issue) says that such errors are, not how often; a run out of
        memory is a bound, whose weight moves to what lies beyond it; and what was counted on fake
        tensors is one source beside real ones, of allocated bytes. A figure that may be reserved or
        device is no error of either.
        """);
    Coverage all = Report.join(exact, measured).coverage();
    page.paragraph(
        "Held against the range that is made without its source (of exact cases: without its type"
            + " of model) "
            + "%d of %d truths are inside: %s. Of real runs it is %s; where runs of the framework"
                .formatted(
                    all.truths().inside(),
                    all.truths().count(),
                    Percent.of(all.share()),
                    real(measured.coverage()))
            + " are known, half of the ranges are no wider than %s of the estimate."
                .formatted(Percent.of(measured.coverageOfMet().width())));
    page.paragraph(routed(all.routed()));
    page.paragraph(
        """
        `width` is the median of high - low, as a share of the estimate. `capped` is how many runs
        whose length is a cap are not above their range, and `routed` how many of those whose
        experts stand on several GPUs are not below theirs. `out of memory` is how many of the runs
        that ended so have a range that reaches above what the card has: the others would have been
        said to fit for certain.
        """);
    table("quality", exact, measured, Report::coveragesByQuality);
    table("number", exact, measured, Report::coveragesByFigure);
  }

  private static String routed(Coverage.Routed runs) {
    return ("Beside these truths, experts stand on several GPUs in %d runs, of which nobody says"
            + " how unevenly tokens went to them: %d are below the range made without their source,"
            + " which no router explains, %d are inside, and %d are above, which one may.")
        .formatted(
            runs.count(), runs.below(), runs.count() - runs.below() - runs.above(), runs.above());
  }

  private static String real(Coverage measured) {
    return "%d of %d, %s"
        .formatted(
            measured.truths().inside(), measured.truths().count(), Percent.of(measured.share()));
  }

  private String sources() {
    double count = ranges.shrinkage();
    return count == Math.rint(count) ? String.valueOf((long) count) : String.valueOf(count);
  }

  private void table(
      String by, Report exact, Report measured, Function<Report, List<Coverage>> groups) {
    List<Coverage> rows = new ArrayList<>(groups.apply(measured));
    rows.addAll(groups.apply(exact));
    page.table(
        List.of(
            by,
            "truths",
            "inside",
            "share",
            "width",
            "capped",
            "routed",
            "out of memory",
            "no range"),
        rows.stream().map(RangeSection::row).toList());
  }

  private static List<String> row(Coverage c) {
    return List.of(
        c.name(),
        String.valueOf(c.truths().count()),
        String.valueOf(c.truths().inside()),
        Percent.of(c.share()),
        Percent.of(c.width()),
        c.capped().inside() + " of " + c.capped().count(),
        c.routed().count() - c.routed().below() + " of " + c.routed().count(),
        c.outOfMemory().inside() + " of " + c.outOfMemory().count(),
        String.valueOf(c.withoutRange()));
  }
}
