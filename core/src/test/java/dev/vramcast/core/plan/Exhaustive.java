package dev.vramcast.core.plan;

import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.Machine;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.setting.BatchSplit;
import dev.vramcast.core.plan.setting.Variant;
import dev.vramcast.core.plan.setting.Variants;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.Seconds;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.TrainingData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every candidate of a question that fits, each document resolved, timed and held against its card
 * on its own, with nothing shared and nothing left out.
 */
record Exhaustive(List<Point> points) {

  /** A candidate that fits. */
  record Point(Offer offer, double dollars, double seconds) {}

  static Exhaustive of(FitEvaluator evaluator, Question question) {
    Map<JobDocument, Map<Machine, Optional<Double>>> known = new HashMap<>();
    List<Point> points = new ArrayList<>();
    for (Offer offer : question.offers()) {
      Machine machine = Machine.of(offer);
      for (JobDocument document : documents(question, machine.count())) {
        Optional<Double> seconds =
            known
                .computeIfAbsent(document, each -> new HashMap<>())
                .computeIfAbsent(machine, each -> seconds(evaluator, question, document, machine));
        seconds.map(time -> point(question, offer, time)).ifPresent(points::add);
      }
    }
    return new Exhaustive(points);
  }

  private static List<JobDocument> documents(Question question, int count) {
    JobDocument counted = question.job().with(JobKey.GPU_COUNT, count, Place.of("test"));
    List<JobDocument> documents = new ArrayList<>();
    for (Variant variant : Variants.of(counted, question.choices())) {
      JobDocument chosen = variant.on(counted);
      List<BatchSplit> splits =
          BatchSplit.of(question.job(), question.choices().sequences(), count);
      splits.forEach(split -> documents.add(split.on(chosen)));
      if (splits.isEmpty()) {
        documents.add(chosen);
      }
    }
    return documents;
  }

  private static Optional<Double> seconds(
      FitEvaluator evaluator, Question question, JobDocument document, Machine machine) {
    FitEvaluator there = evaluator.on(machine.gpu());
    if (there.tryCheck(document).filter(check -> check.fits()).isEmpty()) {
      return Optional.empty();
    }
    Resolution resolution = JobResolver.resolve(document);
    TimeEstimate speed =
        TimeEstimator.estimate(
            there.architecture(), resolution.job(), machine.gpu(), MatmulType.PRECISION);
    RunEstimate run = RunEstimator.estimate(speed, resolution, question.extras()).orElseThrow();
    double tokens = TrainingData.of(resolution).orElseThrow().tokens();
    return question.purchase() == Purchase.ON_DEMAND
        ? Optional.of(Seconds.of(run.total()))
        : SpotRun.of(Work.of(speed, run, tokens), question.terms())
            .map(spot -> Seconds.of(spot.expected()));
  }

  private static Point point(Question question, Offer offer, double seconds) {
    double price = offer.price(question.purchase()).orElseThrow().amount().doubleValue();
    return new Point(offer, price * (seconds / 3600), seconds);
  }

  /** Those within limits. */
  Exhaustive within(Limits limits) {
    return new Exhaustive(points.stream().filter(point -> isWithin(point, limits)).toList());
  }

  private static boolean isWithin(Point point, Limits limits) {
    return point.dollars() <= limits.budget().orElse(Double.MAX_VALUE)
        && limits.deadline().map(end -> point.seconds() <= Seconds.of(end)).orElse(true);
  }

  /** The least dollars; infinite when nothing fits. */
  double cheapest() {
    return points.stream().mapToDouble(Point::dollars).min().orElse(Double.POSITIVE_INFINITY);
  }

  /** The least seconds; infinite when nothing fits. */
  double fastest() {
    return points.stream().mapToDouble(Point::seconds).min().orElse(Double.POSITIVE_INFINITY);
  }

  /** Dollars and seconds of what no other candidate is both at most as dear and as long as. */
  List<List<Double>> front() {
    return points.stream()
        .filter(point -> points.stream().noneMatch(other -> dominates(other, point)))
        .map(point -> List.of(point.dollars(), point.seconds()))
        .distinct()
        .sorted((a, b) -> Double.compare(a.get(0), b.get(0)))
        .toList();
  }

  private static boolean dominates(Point one, Point other) {
    boolean noWorse = one.dollars() <= other.dollars() && one.seconds() <= other.seconds();
    return noWorse && (one.dollars() < other.dollars() || one.seconds() < other.seconds());
  }
}
