package dev.vramcast.answers.guide;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.range.Verdict;
import dev.vramcast.core.rule.RuleOfThumb;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The GPUs for a line of the guide.
 *
 * @param rule by the rule that the guide seems to follow
 * @param cheapestByRule the cheapest that hold the guide's own total
 * @param guidesByEstimate the guide's choice, held against the trace
 * @param trace the cheapest that hold the job for certain
 */
record GpuEntry(
    GuideRow row,
    RuleOfThumb sums,
    GpuChoice rule,
    GpuChoice cheapestByRule,
    Optional<EstimatedChoice> guidesByEstimate,
    Optional<EstimatedChoice> trace) {

  private static final int CENTS = 2;

  static GpuEntry of(GuideRow row, RuleOfThumb sums) {
    Architecture architecture = GuideModel.architecture(row.sizeClass());
    return new GpuEntry(
        row,
        sums,
        ChoiceRule.guides(sums),
        ChoiceRule.cheapest(sums),
        EstimatedChoice.of(row.choice(), architecture, row.method()),
        EstimatedChoice.cheapest(architecture, row.method()));
  }

  /** Whether the rule leads to the guide's choice. */
  boolean agrees() {
    return rule.equals(row.choice());
  }

  /** What is to be said of the choices, a line each. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (!agrees()) {
      remarks.add(
          "by the rule: "
              + Gib.gigabytes(sums.totalBytes())
              + " GB are more than the "
              + row.choice().card().gigabytes()
              + " GB of the guide's choice");
    }
    if (cheapestByRule.isCheaperThan(rule)) {
      remarks.add(
          "by the same sums " + cheapestByRule.text() + " would do, " + less(cheapestByRule, rule));
    }
    guidesByEstimate
        .map(EstimatedChoice::check)
        .filter(check -> !check.fits())
        .map(GpuEntry::shortage)
        .ifPresent(remarks::add);
    trace
        .map(EstimatedChoice::choice)
        .filter(ours -> ours.isCheaperThan(row.choice()))
        .map(ours -> "by this estimate " + ours.text() + " will do, " + less(ours, row.choice()))
        .ifPresent(remarks::add);
    return remarks;
  }

  private static String shortage(FitCheck check) {
    return "by this estimate the guide's choice "
        + (check.verdict() == Verdict.TIGHT ? "is tight" : "does not fit")
        + ": a card needs "
        + Gib.text(check.deviceBytes())
        + ", at most "
        + Gib.text(check.range().highBytes())
        + ", and has "
        + Gib.text(check.usableBytes());
  }

  private static String less(GpuChoice one, GpuChoice other) {
    BigDecimal saved = other.price().amount().subtract(one.price().amount());
    return saved.setScale(CENTS, RoundingMode.HALF_UP).toPlainString()
        + " $/h less than "
        + other.text();
  }
}
