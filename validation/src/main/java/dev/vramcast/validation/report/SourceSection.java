package dev.vramcast.validation.report;

import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.validation.Coverage;
import dev.vramcast.validation.Grouping;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.Summary;
import java.util.Comparator;
import java.util.List;

/** The first part of the page on accuracy: what to expect of a run from somewhere new. */
final class SourceSection {

  static final String FIRST_SIGHT = "At first sight";
  static final String TITLE = "Runs from elsewhere";

  /** Of fewer runs a median says little. */
  private static final int FEW = 5;

  private record Source(Summary errors, Coverage ranges) {}

  private final Markdown page;
  private final Report measured;

  SourceSection(Markdown page, Report measured) {
    this.page = page;
    this.measured = measured;
  }

  void write() {
    firstSight();
    page.heading(2, TITLE);
    page.paragraph(
        """
        Real runs that others published, by who published them, the worst first. No factor of the
        estimate of memory is fitted to any of them: it is made of the tensors of the code that
        ran. Rules of that code were looked up where runs showed that one was missing. The range
        of each run is made without all runs of its source; %.0f %% of runs are meant to be inside.
        """
            .formatted(ErrorRange.SHARE * 100));
    page.table(
        List.of(
            "source",
            "cases",
            "median",
            "p90",
            "signed median",
            "truths",
            "in their range",
            "share",
            "width"),
        measured.groups(Grouping.SOURCE).stream()
            .filter(group -> group.summary().errors().median().isPresent())
            .map(group -> new Source(group.summary(), ranges(group.name())))
            .sorted(
                Comparator.comparing((Source source) -> source.errors().cases() < FEW)
                    .thenComparing(s -> -s.errors().errors().median().orElseThrow())
                    .thenComparing(source -> source.ranges().name()))
            .map(SourceSection::row)
            .toList());
  }

  /** What later estimates cannot tell is kept by hand. */
  private void firstSight() {
    page.heading(2, FIRST_SIGHT);
    page.paragraph(
        """
        Errors of estimates that were made before anything was looked up or changed for the runs
        they are held against, the newest last: what to expect of a run from somewhere new. All
        tables below are of today's estimate, which has learnt rules of code from many of its runs.
        """);
    page.table(
        List.of("when", "held against", "runs", "median", "p90", "over 5 % too low", "in range"),
        Explanations.lines("first-sight.tsv").stream()
            .map(line -> List.of(line.split("\t", -1)))
            .toList());
  }

  private Coverage ranges(String source) {
    return measured.coveragesBySource().stream()
        .filter(coverage -> coverage.name().equals(source))
        .findFirst()
        .orElseGet(() -> Coverage.none(source));
  }

  private static List<String> row(Source source) {
    Coverage ranges = source.ranges();
    return List.of(
        ranges.name(),
        String.valueOf(source.errors().cases()),
        Percent.of(source.errors().errors().median()),
        Percent.of(source.errors().errors().p90()),
        Percent.signed(source.errors().errors().signedMedian()),
        String.valueOf(ranges.truths().count()),
        String.valueOf(ranges.truths().inside()),
        Percent.of(ranges.share()),
        Percent.of(ranges.width()));
  }
}
