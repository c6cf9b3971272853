package dev.vramcast.core.fit;

import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.fit.Remedies.Remedy;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.time.work.ModelProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * What would make a job fit.
 *
 * @param alone every change that saves something, on its own, the smallest drawback first
 * @param together changes that add up until the job fits, each with what it needs after all before
 *     it; they end where no more is known even if it does not fit
 * @param likely several on the same cards, of which none can be left out, with which it is worth a
 *     try, where nothing short of other cards makes it fit for certain; else empty, as where one of
 *     {@code alone} is enough
 */
public record Advice(List<Step> alone, List<Step> together, List<Step> likely) {

  /** More chance that makes a change worth its drawback. */
  private static final double WORTH_IT = 0.05;

  /** From this chance on a job is worth a try. */
  private static final double LIKELY = 0.7;

  /** Dollars of what has no price: more than of what has one, less than of what does not fit. */
  private static final double UNKNOWN = Double.MAX_VALUE;

  /**
   * A change with what the job needs once it is made.
   *
   * @param before the job that is changed
   * @param neededBytes then, of what decides whether the job before it fits
   */
  public record Step(Change change, FitCheck before, FitCheck after, long neededBytes) {

    /** Of what decides whether the job before it fits; negative where another card needs more. */
    public long savedBytes() {
      return before.decidingBytes() - neededBytes;
    }

    /** What it saves of: what decides whether the job before it fits. */
    public Resource resource() {
      return before.shortage().map(Shortage::resource).orElse(Resource.GPU);
    }

    /**
     * What each machine then has to have of its own memory, where something is offloaded to it;
     * empty where that is not more than before the change.
     */
    public OptionalLong hostBytes() {
      long then = after.hostBytes();
      return then > before.hostBytes() ? OptionalLong.of(then) : OptionalLong.empty();
    }

    /** What the change does to the time of the job before it. */
    public TimeEffect time(ModelProfile model) {
      return TimeEffect.of(model, before, after);
    }
  }

  /**
   * What would help most.
   *
   * @param kind how it helps
   * @param steps the changes; empty where none is known
   */
  public record Best(Kind kind, List<Step> steps) {

    /** How changes help. */
    public enum Kind {
      /** Several, each milder than one that would do alone. */
      MILDER_TOGETHER,
      /** Several, as none does alone. */
      ONLY_TOGETHER,
      /** Several on the same cards, with which it fits by the estimate. */
      LIKELY_TOGETHER,
      /** One alone: it fits for certain, or by the estimate. */
      ALONE,
      /** It does not fit even so, and this saves most. */
      SAVES_MOST,
      /** No change saves memory. */
      NOTHING
    }
  }

  public Advice {
    alone = List.copyOf(alone);
    together = List.copyOf(together);
    likely = List.copyOf(likely);
  }

  /** What all changes together do to the time of the job; empty where there are none. */
  public Optional<TimeEffect> time(ModelProfile model) {
    return together.isEmpty()
        ? Optional.empty()
        : Optional.of(
            TimeEffect.of(
                model, together.get(0).before(), together.get(together.size() - 1).after()));
  }

  /**
   * The mildest change that makes the job fit, or several where each is milder than that; before
   * other cards, what makes it worth a try or fit by the estimate; else what saves most.
   */
  public Best best() {
    Optional<Step> sure = alone.stream().filter(step -> step.after().fits()).findFirst();
    boolean fit = !together.isEmpty() && together.get(together.size() - 1).after().fits();
    boolean mild = fit && together.stream().noneMatch(Advice::isRented);
    if (mild && sure.map(this::areMilder).orElse(true)) {
      return new Best(
          sure.isPresent() ? Best.Kind.MILDER_TOGETHER : Best.Kind.ONLY_TOGETHER, together);
    }
    Optional<Step> one = sure.filter(step -> !isRented(step)).or(this::probable);
    if (one.filter(step -> step.after().fits() || isLikely(step.after())).isEmpty()
        && !likely.isEmpty()) {
      return new Best(Best.Kind.LIKELY_TOGETHER, likely);
    }
    one = one.or(() -> sure);
    if (one.isPresent()) {
      return new Best(Best.Kind.ALONE, List.of(one.get()));
    }
    if (fit) {
      return new Best(Best.Kind.ONLY_TOGETHER, together);
    }
    return together.isEmpty()
        ? new Best(Best.Kind.NOTHING, List.of())
        : new Best(Best.Kind.SAVES_MOST, List.of(most()));
  }

  private static boolean isRented(Step step) {
    return step.change().drawback() == Drawback.MONEY;
  }

  private boolean areMilder(Step than) {
    return together.stream()
        .allMatch(step -> step.change().drawback().compareTo(than.change().drawback()) < 0);
  }

  /**
   * Of the changes on the same cards, the mildest after which it is worth a try, else the mildest
   * after which the estimate is below their memory; where it is already, the one with the best
   * chance. No range is so wide that another card helps more than it would elsewhere.
   */
  public Optional<Step> probable() {
    List<Step> likelier =
        alone.stream()
            .filter(step -> !isRented(step) && isEnough(step.after()))
            .filter(step -> chance(step.after()) >= chance(step.before()) + WORTH_IT)
            .toList();
    return alone.stream().map(Step::before).allMatch(Advice::isEnough)
        ? likelier.stream().max(Comparator.comparingDouble(step -> chance(step.after())))
        : likelier.stream()
            .filter(step -> isLikely(step.after()))
            .findFirst()
            .or(() -> likelier.stream().findFirst());
  }

  private static boolean isEnough(FitCheck job) {
    return job.spareBytes() >= 0 && job.shortage().isEmpty();
  }

  /** What nobody knows is worth nothing, so that it is never called likely. */
  private static double chance(FitCheck check) {
    return check.chance().orElse(0);
  }

  private Step most() {
    return alone.stream()
        .max(Comparator.comparingLong(Step::savedBytes))
        .orElseGet(() -> together.get(0));
  }

  private static int gpus(Step step) {
    return step.after().resolution().job().parallelism().gpus();
  }

  /**
   * Looks for changes by the remedies, which are in the order of their drawbacks.
   *
   * @param rented those that rent something else, of which the cheapest comes first, or where
   *     nobody knows that the one with fewest GPUs
   * @param dollars what a job costs; empty where nobody knows
   */
  static Advice of(
      FitEvaluator evaluator,
      FitCheck job,
      List<Remedy> remedies,
      List<Remedy> rented,
      Function<FitCheck, OptionalDouble> dollars) {
    AdviceSearch search = new AdviceSearch(evaluator);
    search.prepare(job, Stream.concat(remedies.stream(), rented.stream()).toList());
    ToDoubleFunction<Remedy> price =
        remedy ->
            search
                .best(job, remedy)
                .filter(step -> step.after().fits())
                .map(step -> dollars.apply(step.after()).orElse(UNKNOWN))
                .orElse(Double.POSITIVE_INFINITY);
    ToIntFunction<Remedy> gpus =
        remedy -> search.best(job, remedy).map(Advice::gpus).orElse(Integer.MAX_VALUE);
    List<Remedy> cheapest = new ArrayList<>(rented);
    cheapest.sort(Comparator.comparingDouble(price).thenComparingInt(gpus));
    List<Remedy> all = Stream.concat(remedies.stream(), cheapest.stream()).toList();
    List<Step> alone = all.stream().flatMap(remedy -> search.best(job, remedy).stream()).toList();
    List<Step> together = search.together(job, all);
    return new Advice(alone, together, likely(search, job, remedies, together));
  }

  /** Looked for where the job does not fit by the estimate, and other cards alone make it fit. */
  private static List<Step> likely(
      AdviceSearch search, FitCheck job, List<Remedy> remedies, List<Step> together) {
    boolean rents = together.stream().anyMatch(Advice::isRented);
    boolean lacksCard = job.shortage().isEmpty() && job.spareBytes() < 0;
    return rents && lacksCard ? search.likely(job, remedies, Advice::isLikely) : List.of();
  }

  static boolean isLikely(FitCheck after) {
    return isEnough(after) && chance(after) >= LIKELY;
  }
}
