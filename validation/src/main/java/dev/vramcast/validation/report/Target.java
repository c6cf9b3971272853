package dev.vramcast.validation.report;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.range.Spread;
import dev.vramcast.validation.CaseLabels;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.Summary;
import dev.vramcast.validation.cases.MeasuredKind;
import dev.vramcast.validation.cases.Quality;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the estimates are meant to reach on the cases that are part of the product. */
public enum Target {
  EXACT_ONE_GPU(
      "exact, one GPU",
      of(Quality.EXACT).and(notOurs()).and(supervised()).and(on(Spread.ONE_GPU)),
      new Limits(0.005, Limits.NONE, 0.02, 0)),
  EXACT_MANY_GPUS(
      "exact; FSDP, DDP, ZeRO",
      of(Quality.EXACT).and(notOurs()).and(on(Spread.FSDP, Spread.DDP, Spread.ZERO)),
      new Limits(0.01, Limits.NONE, 0.04, 0)),
  TRAINERS_ONE_GPU(
      "trainers, one GPU", ours().and(on(Spread.ONE_GPU)), new Limits(0.005, Limits.NONE, 0.02, 0)),
  TRAINERS_MANY_GPUS(
      "trainers; FSDP, tensor parallel",
      ours().and(on(Spread.FSDP, Spread.MODEL_PARALLEL)),
      new Limits(0.01, Limits.NONE, 0.04, 0)),
  PREFERENCE(
      "exact; preferences, rewards, generated completions",
      of(Quality.EXACT).and(supervised().negate()),
      new Limits(0.0005, Limits.NONE, 0.01, 0)),
  COMPLETE_ONE_GPU(
      "complete, one GPU",
      of(Quality.COMPLETE).and(on(Spread.ONE_GPU)),
      new Limits(0.04, Limits.NONE, 0.12, 0.05)),
  COMPLETE_MANY_GPUS(
      "complete; FSDP, DDP, ZeRO",
      of(Quality.COMPLETE).and(on(Spread.FSDP, Spread.DDP, Spread.ZERO)),
      new Limits(0.05, 0.12, Limits.NONE, 0)),
  MEGATRON(
      "Megatron",
      labels -> labels.parallelism().equals(Strategy.MEGATRON.label()),
      new Limits(0.03, 0.08, Limits.NONE, 0)),
  HELD(
      "reserved or device",
      labels ->
          labels.kind().equals(MeasuredKind.RESERVED.label())
              || labels.kind().equals(MeasuredKind.DEVICE.label()),
      new Limits(0.06, Limits.NONE, Limits.NONE, 0.05)),
  NEAR_ONE_GPU(
      "near, one GPU",
      of(Quality.NEAR).and(on(Spread.ONE_GPU)),
      new Limits(Limits.NONE, Limits.NONE, Limits.NONE, 0.1));

  private final String cases;
  private final Predicate<CaseLabels> holdsFor;
  private final Limits limits;

  /**
   * The most that is allowed of each.
   *
   * @param unsupported share of the cases
   */
  private record Limits(double median, double p90, double p95, double unsupported) {

    private static final double NONE = Double.POSITIVE_INFINITY;
  }

  Target(String cases, Predicate<CaseLabels> holdsFor, Limits limits) {
    this.cases = cases;
    this.holdsFor = holdsFor;
    this.limits = limits;
  }

  /** Which cases it is about, in words. */
  public String cases() {
    return cases;
  }

  /** The cases this is about; empty when a report has none. */
  public Optional<Summary> summary(Report report) {
    Summary summary = report.only(result -> holdsFor.test(result.labels())).overall();
    return Optional.of(summary).filter(s -> s.cases() > 0);
  }

  public boolean isMet(Summary summary) {
    return isWithin(summary.errors().median(), limits.median)
        && isWithin(summary.errors().p90(), limits.p90)
        && isWithin(summary.errors().p95(), limits.p95)
        && summary.unsupportedShare() <= limits.unsupported;
  }

  /** The limits in words. */
  public String words() {
    List<String> words = new ArrayList<>();
    add(words, "median", limits.median);
    add(words, "p90", limits.p90);
    add(words, "p95", limits.p95);
    add(words, "unsupported", limits.unsupported);
    return String.join(", ", words);
  }

  private static void add(List<String> words, String name, double limit) {
    if (!Double.isInfinite(limit)) {
      words.add(name + " ≤ " + Percent.of(limit));
    }
  }

  /** Counted by validation/measure. */
  private static Predicate<CaseLabels> ours() {
    return labels -> labels.source().equals("vramcast-measure on fake tensors");
  }

  /** Their step is one pass of the model that is trained. */
  private static Predicate<CaseLabels> supervised() {
    return labels ->
        Stream.of(Stage.SFT, Stage.PRETRAIN, Stage.CLASSIFICATION, Stage.TOKEN_CLASSIFICATION)
            .anyMatch(stage -> stage.label().equals(labels.stage()));
  }

  private static Predicate<CaseLabels> notOurs() {
    return ours().negate();
  }

  private static Predicate<CaseLabels> of(Quality quality) {
    return labels -> labels.quality().equals(quality.label());
  }

  private static Predicate<CaseLabels> on(Spread... spreads) {
    List<Spread> wanted = List.of(spreads);
    return labels -> labels.spread().filter(wanted::contains).isPresent();
  }

  private static boolean isWithin(OptionalDouble value, double limit) {
    return Double.isInfinite(limit) || value.isPresent() && value.getAsDouble() <= limit;
  }
}
