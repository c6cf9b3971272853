package dev.vramcast.validation.report;

import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.Grouping;
import dev.vramcast.validation.PhaseSummary;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.Summary;
import dev.vramcast.validation.Validation;
import dev.vramcast.validation.cases.ShippedCases;
import dev.vramcast.validation.cases.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes {@code docs/accuracy.md} from the cases that are part of the product. */
public final class AccuracyDocument {

  private static final double WORTH_A_LINE_EXACT = 0.01;
  private static final double WORTH_A_LINE_MEASURED = 0.1;
  private static final int MOST_IDS = 6;

  private static final Predicate<CaseResult> HAS_PEAK =
      result -> result.measuredPeakBytes().isPresent();

  private final Markdown page = new Markdown();
  private final Explanations explanations = Explanations.shipped();
  private final Report exact;
  private final Report measured;
  private final Report published;
  private final Report speed;
  private final Report reserved;
  private final Report types;

  private final RangeTable ranges;

  /** Runs of which a speed alone is known, of stages that generate. */
  private Report generating = Report.join();

  private AccuracyDocument(
      Report exact,
      Report measured,
      Report published,
      Report speed,
      Report reserved,
      Report types,
      RangeTable ranges) {
    this.exact = exact;
    this.measured = measured;
    this.published = published;
    this.speed = speed;
    this.reserved = reserved;
    this.types = types;
    this.ranges = ranges;
  }

  /** Runs the cases and returns the page. */
  public static String text() {
    return text(
        Validation.shipped(ShippedCases.counted()),
        Validation.shipped(ShippedCases.MEASURED),
        Validation.shipped(ShippedCases.PUBLISHED),
        Validation.shipped(ShippedCases.THROUGHPUT),
        Validation.shipped(ShippedCases.RESERVED),
        Validation.shipped(ShippedCases.TYPES));
  }

  static String text(
      Report exact,
      Report measured,
      Report published,
      Report speed,
      Report reserved,
      Report types) {
    return text(exact, measured, published, speed, reserved, types, RangeFile.embedded());
  }

  static String text(
      Report exact,
      Report measured,
      Report published,
      Report speed,
      Report reserved,
      Report types,
      RangeTable ranges) {
    AccuracyDocument document =
        new AccuracyDocument(
            exact, measured, published.only(HAS_PEAK), speed, reserved, types, ranges);
    document.generating = published.only(HAS_PEAK.negate());
    document.write();
    return document.page.toString();
  }

  private void write() {
    page.comment(
        "Written by ./vramcast validate --write docs/accuracy.md from the cases in validation/."
            + " Do not edit; a test compares.");
    page.heading(1, "Accuracy");
    introduction();
    Report real = Report.join(measured, published);
    new SourceSection(page, real).write();
    new RangeSection(page, ranges).write(exact, real);
    targets();
    measuredCases();
    publishedCases();
    new SpeedSection(page, explanations, speed).write();
    new GeneratingSection(page, explanations, generating).write();
    new ReservedSection(page, reserved).write();
    new TypesSection(page, types).write();
    exactCases();
  }

  private void introduction() {
    page.paragraph(
        """
        How far the estimates are from what was measured. An error is estimate / measured - 1.
        Median, percentiles and maximum are of the absolute error, with linear interpolation; the
        signed median tells whether estimates are rather too high (+) or too low (-).
        """);
    page.paragraph(
        """
        * A figure is compared with the estimate of its own kind: allocated, reserved or device
          bytes. Where a source does not say which it is, it is taken to be reserved.
        * Where the stated sequence length is a cap that the run may not have reached, only an
          estimate below the measurement counts as an error.
        * A run that ended out of memory has no error. It is a false fit if the estimate says that
          it fits the card; so is a run whose peak the estimate undercuts by more than 5 %.
        """);
  }

  private void targets() {
    page.heading(2, "Targets");
    List<List<String>> rows = new ArrayList<>();
    Report all = Report.join(exact, measured);
    for (Target target : Target.values()) {
      target
          .summary(all)
          .ifPresent(
              s ->
                  rows.add(
                      List.of(
                          target.cases(),
                          String.valueOf(s.cases()),
                          Percent.of(s.errors().median()),
                          Percent.of(s.errors().p90()),
                          Percent.of(s.errors().p95()),
                          Percent.of(s.unsupportedShare()),
                          target.words(),
                          target.isMet(s) ? "yes" : "not yet")));
    }
    page.textTable(
        List.of("cases", "count", "median", "p90", "p95", "unsupported", "target", "met"), rows);
  }

  private void exactCases() {
    page.heading(2, "Exact cases");
    page.paragraph(
        """
        Real Transformers and PEFT code, run on fake tensors of a fake CUDA device while every live
        storage was counted: bytes in the second optimizer step.
        """);
    groups(exact, Grouping.SCOPE);
    List<List<String>> subjects = SubjectsSection.rows(exact);
    if (!subjects.isEmpty()) {
      table("cases about", subjects);
    }
    groups(exact, Grouping.STAGE, Grouping.METHOD, Grouping.MODEL_TYPE);
    phases();
    parameters();
    errors(exact, WORTH_A_LINE_EXACT);
    falseFits(exact);
    unsupported(exact);
  }

  private void measuredCases() {
    page.heading(2, "Measured cases");
    page.paragraph(
        """
        Peaks that others published from real GPUs. `complete` states every setting that matters,
        `near` leaves one unknown.
        """);
    real(measured);
  }

  private void publishedCases() {
    page.heading(2, "Cases collected later");
    page.paragraph(
        """
        Such figures again, of sources that nobody had looked at when the model was written, and
        what the driver reported in runs of the first collection.
        """);
    real(published);
  }

  private void real(Report report) {
    groups(
        report,
        Grouping.SCOPE,
        Grouping.SOURCE,
        Grouping.METHOD,
        Grouping.PARALLELISM,
        Grouping.KIND,
        Grouping.FRAMEWORK,
        Grouping.MODEL_TYPE);
    errors(report, WORTH_A_LINE_MEASURED);
    falseFits(report);
    unsupported(report);
  }

  private void groups(Report report, Grouping... groupings) {
    for (Grouping by : groupings) {
      table(
          by.label().replace('_', ' '),
          report.groups(by).stream().map(group -> row(group.name(), group.summary())).toList());
    }
  }

  private void table(String what, List<List<String>> rows) {
    page.table(
        List.of(
            what,
            "cases",
            "unsupported",
            "median",
            "p90",
            "p95",
            "max",
            "signed median",
            "false fits"),
        rows);
  }

  static List<String> row(String name, Summary s) {
    return List.of(
        name,
        String.valueOf(s.cases()),
        String.valueOf(s.unsupported()),
        Percent.of(s.errors().median()),
        Percent.of(s.errors().p90()),
        Percent.of(s.errors().p95()),
        Percent.of(s.errors().max()),
        Percent.signed(s.errors().signedMedian()),
        String.valueOf(s.falseFits()));
  }

  private void phases() {
    page.heading(3, "Phase by phase");
    page.table(
        List.of("phase", "cases", "median", "p95", "max", "signed median"),
        exact.phases().stream().map(AccuracyDocument::row).toList());
  }

  private static List<String> row(PhaseSummary p) {
    return List.of(
        "`" + p.phase().key() + "`",
        String.valueOf(p.cases()),
        Percent.of(p.median()),
        Percent.of(p.p95()),
        Percent.of(p.max()),
        Percent.signed(p.signedMedian()));
  }

  private void parameters() {
    long stated = exact.results().stream().filter(r -> r.parametersRight().isPresent()).count();
    long right = exact.results().stream().filter(r -> r.parametersRight().orElse(false)).count();
    page.paragraph(
        "Total and trainable parameters are met exactly in "
            + right
            + " of "
            + stated
            + " supported cases.");
  }

  private void errors(Report report, double worthALine) {
    List<CaseResult> large =
        report.worst(Integer.MAX_VALUE).stream()
            .filter(r -> Math.abs(r.error().orElseThrow()) > worthALine)
            .toList();
    page.heading(3, "Errors above " + Percent.of(worthALine));
    if (large.isEmpty()) {
      page.paragraph("None.");
      return;
    }
    page.textTable(
        List.of("case", "source", "estimated GiB", "measured GiB", "error", "why"),
        large.stream().map(this::errorRow).toList());
  }

  private List<String> errorRow(CaseResult r) {
    return List.of(
        r.id(),
        r.labels().source(),
        Percent.gib(r.estimatedBytes().orElseThrow()),
        Percent.gib(r.measuredPeakBytes().orElseThrow()),
        Percent.signed(r.error()),
        explanations.of(r.id()).orElse("not explained"));
  }

  private void falseFits(Report report) {
    page.heading(3, "False fits");
    List<CaseResult> falseFits = report.results().stream().filter(CaseResult::falseFit).toList();
    long outOfMemory =
        report.results().stream()
            .filter(r -> r.status() == Status.OUT_OF_MEMORY && r.isSupported())
            .count();
    long saidToFit = falseFits.stream().filter(r -> r.status() == Status.OUT_OF_MEMORY).count();
    page.paragraph(
        "Runs that ended out of memory and were said to fit: %d of %d."
                .formatted(saidToFit, outOfMemory)
            + " Runs whose peak is undercut by more than 5 %%: %d."
                .formatted(falseFits.size() - saidToFit));
    if (!falseFits.isEmpty()) {
      page.textTable(
          List.of("case", "estimated GiB", "needed GiB", "why"),
          falseFits.stream().map(this::falseFitRow).toList());
    }
  }

  private List<String> falseFitRow(CaseResult r) {
    String needed = Percent.gib(r.measuredPeakBytes().orElseThrow());
    return List.of(
        r.id(),
        Percent.gib(r.estimatedBytes().orElseThrow()),
        r.status() == Status.OUT_OF_MEMORY ? "more than " + needed : needed,
        explanations.of(r.id()).orElse("not explained"));
  }

  private void unsupported(Report report) {
    page.heading(3, "Not supported");
    if (report.overall().reasons().isEmpty()) {
      page.paragraph("None.");
      return;
    }
    page.textTable(
        List.of("reason", "count", "cases"),
        report.overall().reasons().entrySet().stream()
            .map(e -> List.of(e.getKey(), String.valueOf(e.getValue()), ids(report, e.getKey())))
            .toList());
  }

  private static String ids(Report report, String reason) {
    List<String> ids =
        report.results().stream()
            .filter(r -> r.reason().equals(Optional.of(reason)))
            .map(CaseResult::id)
            .toList();
    String shown = ids.stream().limit(MOST_IDS).collect(Collectors.joining(", "));
    return ids.size() > MOST_IDS ? shown + ", …" : shown;
  }
}
