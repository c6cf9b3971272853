package dev.tunefit.validation.report;

import dev.tunefit.validation.Grouping;
import dev.tunefit.validation.Report;
import dev.tunefit.validation.Summary;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the estimates are meant to reach on the cases that are part of the product. */
public enum Target {
  EXACT_ONE_GPU("exact, one GPU", 0.005, 0.02, 0),
  COMPLETE_ONE_GPU("complete, one GPU", 0.04, 0.12, 0.05),
  NEAR_ONE_GPU("near, one GPU", Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0.1);

  private final String scope;
  private final double median;
  private final double p95;
  private final double unsupported;

  Target(String scope, double median, double p95, double unsupported) {
    this.scope = scope;
    this.median = median;
    this.p95 = p95;
    this.unsupported = unsupported;
  }

  /** The name of the group of {@link Grouping#SCOPE} that this is about. */
  public String scope() {
    return scope;
  }

  /** The cases this is about; empty when a report has none. */
  public Optional<Summary> summary(Report report) {
    return report.group(Grouping.SCOPE, scope).map(Grouping.Group::summary);
  }

  public boolean isMet(Summary summary) {
    return isWithin(summary.median(), median)
        && isWithin(summary.p95(), p95)
        && summary.unsupportedShare() <= unsupported;
  }

  /** The limits in words. */
  public String words() {
    String share = "unsupported ≤ " + Percent.of(unsupported);
    return Double.isInfinite(median)
        ? share
        : "median ≤ " + Percent.of(median) + ", p95 ≤ " + Percent.of(p95) + ", " + share;
  }

  private static boolean isWithin(OptionalDouble value, double limit) {
    return Double.isInfinite(limit) || value.isPresent() && value.getAsDouble() <= limit;
  }
}
