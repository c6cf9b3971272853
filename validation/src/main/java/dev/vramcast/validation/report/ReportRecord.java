package dev.vramcast.validation.report;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.validation.Coverage;
import dev.vramcast.validation.Grouping;
import dev.vramcast.validation.MeasuredPhase;
import dev.vramcast.validation.PhaseSummary;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.Summary;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A report for programs. Errors are fractions; what there is none of is null. */
public record ReportRecord(
    Errors overall,
    @Describes("By what cases have in common.") List<Group> groups,
    @Describes("By phase, of exact cases.") List<PhaseErrors> phases,
    @Describes("How many truths lie in their ranges.") Ranges ranges,
    @Describes("Each case, in their order.") List<ResultRecord> results) {

  /** The errors of several cases. */
  record Errors(
      @Describes("All of them.") int cases,
      @Describes("Those that were estimated.") int supported,
      @Describes("The others.") int unsupported,
      @Describes("Half of the absolute errors are no larger.") OptionalDouble medianError,
      @Describes("90 of 100 are no larger.") OptionalDouble p90Error,
      @Describes("95 of 100 are no larger.") OptionalDouble p95Error,
      @Describes("The largest.") OptionalDouble maxError,
      @Describes("Median of the error with its sign; above 0 the estimates are too high.")
          OptionalDouble signedMedianError,
      @Describes("Runs out of memory that were said to fit, and peaks undercut by over 5 %.")
          int falseFits,
      @Describes("Why cases are not supported, with how many.")
          Map<String, Long> unsupportedReasons)
      implements Inline {

    private static Errors of(Summary summary) {
      return new Errors(
          summary.cases(),
          summary.supported(),
          summary.unsupported(),
          summary.errors().median(),
          summary.errors().p90(),
          summary.errors().p95(),
          summary.errors().max(),
          summary.errors().signedMedian(),
          summary.falseFits(),
          summary.reasons());
    }
  }

  /** Cases with something in common. */
  record Group(
      @Describes("What that is.") String by,
      @Describes("What they have.") String name,
      Errors errors) {

    private static Group of(Grouping.Group group) {
      return new Group(group.by().label(), group.name(), Errors.of(group.summary()));
    }
  }

  /** The errors of a phase. */
  record PhaseErrors(
      @Describes("The phase.") MeasuredPhase name,
      @Describes("Cases that state it.") int cases,
      @Describes("Half of the absolute errors are no larger.") OptionalDouble medianError,
      @Describes("95 of 100 are no larger.") OptionalDouble p95Error,
      @Describes("The largest.") OptionalDouble maxError,
      @Describes("Median of the error with its sign.") OptionalDouble signedMedianError) {

    private static PhaseErrors of(PhaseSummary phase) {
      return new PhaseErrors(
          phase.phase(),
          phase.cases(),
          phase.median(),
          phase.p95(),
          phase.max(),
          phase.signedMedian());
    }
  }

  /** How well ranges hold. */
  record Ranges(
      @Describes("The share of runs that ranges are made to hold.") double nominalShare,
      Covered all,
      @Describes("By how well the truth is known.") List<Covered> byQuality,
      @Describes("By the number, and whether runs of the framework are known.")
          List<Covered> byKind,
      @Describes("By who published the run.") List<Covered> bySource) {

    private static Ranges of(Report report) {
      return new Ranges(
          ErrorRange.SHARE,
          Covered.of(report.coverage()),
          report.coveragesByQuality().stream().map(Covered::of).toList(),
          report.coveragesByFigure().stream().map(Covered::of).toList(),
          report.coveragesBySource().stream().map(Covered::of).toList());
    }
  }

  /** How many truths lie in their ranges. */
  record Covered(
      @Describes("What the cases have in common.") String name,
      @Describes("Peaks of runs for which there is a range.") int truths,
      @Describes("Those in their range, made without their source.") int inside,
      @Describes("Those that are inside, of all.") OptionalDouble share,
      @Describes("Half of the ranges are no wider, as a multiple of the estimate.")
          OptionalDouble medianWidth,
      @Describes("Runs whose length is a cap; they are no truths.") int capped,
      @Describes("Of these, those not above their range.") int cappedInside,
      @Describes("Runs out of memory for which there is a range.") int outOfMemory,
      @Describes("Those whose range reaches above what the card has.") int outOfMemoryInside,
      @Describes("Supported cases for which there is no range.") int withoutRange)
      implements Inline {

    private static Covered of(Coverage coverage) {
      return new Covered(
          coverage.name(),
          coverage.truths().count(),
          coverage.truths().inside(),
          coverage.share(),
          coverage.width(),
          coverage.capped().count(),
          coverage.capped().inside(),
          coverage.outOfMemory().count(),
          coverage.outOfMemory().inside(),
          coverage.withoutRange());
    }
  }

  /** That of a report. */
  public static ReportRecord of(Report report) {
    return new ReportRecord(
        Errors.of(report.overall()),
        report.groups().stream().map(Group::of).toList(),
        report.phases().stream().map(PhaseErrors::of).toList(),
        Ranges.of(report),
        report.results().stream().map(ResultRecord::of).toList());
  }
}
