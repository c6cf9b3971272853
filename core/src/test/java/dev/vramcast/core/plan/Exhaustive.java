package dev.vramcast.core.plan;

import dev.vramcast.core.cost.Charges;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.search.Confidence;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.Machine;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.setting.BatchSplit;
import dev.vramcast.core.plan.setting.Placement;
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
  record Point(
      Offer offer, double dollars, double seconds, double slowDollars, double slowSeconds) {}

  static Exhaustive of(FitEvaluator evaluator, Question question) {
    Map<JobDocument, Map<Machine, Optional<Times>>> known = new HashMap<>();
    List<Point> points = new ArrayList<>();
    for (Rented rented : rented(question)) {
      Machine machine = Machine.of(rented.offer(), rented.nodes());
      for (JobDocument document : documents(question, machine)) {
        Optional<Times> seconds =
            known
                .computeIfAbsent(document, each -> new HashMap<>())
                .computeIfAbsent(machine, each -> seconds(evaluator, question, document, machine));
        seconds.map(time -> point(question, rented, time)).ifPresent(points::add);
      }
    }
    return new Exhaustive(points);
  }

  /** Nobody says how much memory these machines have, so nothing is offloaded to it. */
  private static List<JobDocument> documents(Question question, Machine machine) {
    JobDocument counted =
        machine.across(question.job()).with(JobKey.GPU_COUNT, machine.gpus(), Place.of("test"));
    List<JobDocument> documents = new ArrayList<>();
    Placement placement = new Placement(Markets.llama(), machine.gpu(), machine.gpus());
    for (Variant variant : Variants.of(placement, counted, question.choices())) {
      JobDocument chosen = variant.on(counted);
      if (chosen.has(JobKey.OFFLOAD)) {
        continue;
      }
      List<BatchSplit> splits = BatchSplit.of(question.job(), question.choices(), machine.gpus());
      splits.forEach(split -> documents.add(split.on(chosen)));
      if (splits.isEmpty()) {
        documents.add(chosen);
      }
    }
    return documents;
  }

  /** So many machines of an offer. */
  private record Rented(Offer offer, int nodes) {}

  /** Several together where something connects them. */
  private static List<Rented> rented(Question question) {
    List<Rented> all = new ArrayList<>();
    for (Offer offer : question.rentals().offers()) {
      question.rentals().nodes().stream()
          .filter(nodes -> nodes == 1 || offer.host().networkBits().isPresent())
          .forEach(nodes -> all.add(new Rented(offer, nodes)));
    }
    return all;
  }

  /** By the estimate, and where training is slow. */
  private record Times(double seconds, double slow, Stored stored) {}

  private static Optional<Times> seconds(
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
    Stored stored = Stored.of(there.architecture(), resolution);
    return question.rentals().purchase() == Purchase.ON_DEMAND
        ? Optional.of(new Times(Seconds.of(run.total()), Seconds.of(run.high()), stored))
        : SpotRun.of(Work.of(speed, run, tokens), question.terms().across(machine.nodes()))
            .map(spot -> Seconds.of(spot.expected()))
            .map(expected -> new Times(expected, expected, stored));
  }

  private static Point point(Question question, Rented rented, Times times) {
    Offer offer = rented.offer();
    double price =
        rented.nodes()
            * offer.price(question.rentals().purchase()).orElseThrow().amount().doubleValue();
    Charges charges = Charges.of(times.stored(), rented.nodes(), offer.terms()).with(price);
    return new Point(
        offer,
        charges.dollars(times.seconds()),
        times.seconds(),
        charges.dollars(times.slow()),
        times.slow());
  }

  /** Those within limits. */
  Exhaustive within(Limits limits) {
    return new Exhaustive(points.stream().filter(point -> isWithin(point, limits)).toList());
  }

  private static boolean isWithin(Point point, Limits limits) {
    boolean high = limits.confidence() == Confidence.HIGH;
    double dollars = high ? point.slowDollars() : point.dollars();
    double seconds = high ? point.slowSeconds() : point.seconds();
    return dollars <= limits.budget().orElse(Double.MAX_VALUE)
        && limits.deadline().map(end -> seconds <= Seconds.of(end)).orElse(true);
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
