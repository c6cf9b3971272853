package dev.vramcast.validation.speed;

import dev.vramcast.catalog.speed.SpeedFile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The files of a fit. */
public final class SpeedFitDocument {

  /** Name of the file that the product reads. */
  public static final String COEFFICIENTS = "coefficients.tsv";

  /** Name of the file that says how far each source is off. */
  public static final String RESIDUALS = "residuals.tsv";

  private static final List<String> COLUMNS =
      List.of("source", "runs", "median", "signed", "left_out_median", "left_out_signed");

  private SpeedFitDocument() {}

  /** The text of {@link #COEFFICIENTS}. */
  public static String coefficients(SpeedFitting fitting) {
    return SpeedFile.text(fitting.fitted());
  }

  /** The text of {@link #RESIDUALS}: a source a line, the last line all runs. */
  public static String residuals(SpeedFitting fitting) {
    String rows =
        fitting.residuals().stream().map(SpeedFitDocument::row).collect(Collectors.joining());
    double[] errors =
        fitting.residuals().stream()
            .flatMapToDouble(each -> Arrays.stream(each.errors()))
            .toArray();
    return String.join("\t", COLUMNS) + "\n" + rows + row("all", errors, fitting.leftOut());
  }

  /** What a reader of the command line wants to know. */
  public static String summary(SpeedFitting fitting) {
    double[] leftOut = fitting.leftOut();
    double[] sizes = Arrays.stream(leftOut).map(Math::abs).toArray();
    double[] bySource =
        fitting.residuals().stream()
            .mapToDouble(each -> Math.log1p(SpeedResiduals.middle(each.leftOut())))
            .toArray();
    return String.format(
            Locale.ROOT,
            "%d runs of %d sources; %d whose length is a cap are left out.%n"
                + "Without their own source: median %.1f %%, p90 %.1f %%;"
                + " the middle source %.1f %%, the mean of sources %.1f %%.%n",
            leftOut.length,
            fitting.residuals().size(),
            fitting.caps(),
            100 * SpeedResiduals.quantile(sizes, 0.5),
            100 * SpeedResiduals.quantile(sizes, 0.9),
            100 * SpeedResiduals.quantile(bySource, 0.5),
            100 * Arrays.stream(bySource).map(Math::expm1).average().orElse(0))
        + kinds(fitting);
  }

  /** The ranges of speeds by kinds of runs, and how many runs of other sources they hold. */
  private static String kinds(SpeedFitting fitting) {
    SpeedRanges ranges = SpeedRanges.of(fitting.residuals());
    return ranges.byKind().entrySet().stream()
            .map(each -> kind(each.getKey(), each.getValue()))
            .collect(Collectors.joining())
        + String.format(
            Locale.ROOT,
            "Without their own source, the ranges of their kinds hold %.0f %% of the runs;"
                + " of a source, %.0f %%.%n",
            100 * ranges.inside(),
            100 * ranges.insideOfSource());
  }

  private static String kind(String name, SpeedRanges.Range range) {
    return String.format(
        Locale.ROOT, "%-64s %4d  %.2f to %.2f%n", name, range.runs(), range.low(), range.high());
  }

  private static String row(SpeedResiduals each) {
    return row(each.source(), each.errors(), each.leftOut());
  }

  private static String row(String name, double[] errors, double[] leftOut) {
    return String.join(
            "\t",
            name,
            String.valueOf(errors.length),
            share(SpeedResiduals.middle(errors)),
            share(SpeedResiduals.quantile(errors, 0.5)),
            share(SpeedResiduals.middle(leftOut)),
            share(SpeedResiduals.quantile(leftOut, 0.5)))
        + "\n";
  }

  private static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
