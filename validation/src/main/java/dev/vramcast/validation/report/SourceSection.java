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
    page.heading(2, TITLE);
    page.paragraph(
        """
        Real runs that others published, by who published them, the worst first. No factor of the
        estimate of memory is fitted to any of them: it is made of the tensors of the code that
        ran. Rules of that code were looked up where runs showed that one was missing, so the
        errors at first sight were larger than these: 15 %% in the median over the first five
        sources that were held against the estimate when it had been written, 17 %% over
        fourteen more, and 16 %% over the eleven that came after them. The range of each run is
        made without all runs of its source; %.0f %% of runs are meant to be inside.
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

  private Coverage ranges(String source) {
    return measured.coveragesBySource().stream()
        .filter(coverage -> coverage.name().equals(source))
        .findFirst()
        .orElseThrow();
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
