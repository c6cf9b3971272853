package dev.vramcast.core.fit;

import dev.vramcast.core.fit.Advice.Step;
import dev.vramcast.core.fit.FitEvaluator.Prospect;
import dev.vramcast.core.fit.Remedies.Remedy;
import dev.vramcast.core.life.Life.Resource;
import dev.vramcast.core.life.Life.Shortage;
import dev.vramcast.core.life.MachineNeeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks for changes that make a job fit, and remembers what each remedy does to each job. */
final class AdviceSearch {

  /** What a change has to save, as a share of what the job needs, to be worth a line. */
  private static final double WORTH_IT = 0.005;

  /** A change that has not been replayed, with its place among those of its remedy. */
  private record Candidate(int index, Change change, Prospect prospect) {}

  private record Found(int index, Step step) {

    long bytes() {
      return step.neededBytes();
    }
  }

  private final FitEvaluator evaluator;
  private final IdentityHashMap<FitCheck, Map<Remedy, Optional<Step>>> known =
      new IdentityHashMap<>();

  AdviceSearch(FitEvaluator evaluator) {
    this.evaluator = evaluator;
  }

  /** The mildest change of a remedy that makes the job fit, else the one that saves most. */
  Optional<Step> best(FitCheck job, Remedy remedy) {
    return known
        .computeIfAbsent(job, unknown -> new HashMap<>())
        .computeIfAbsent(remedy, unknown -> find(job, remedy));
  }

  /** Finds what {@link #best} says of each, side by side where others help. */
  void prepare(FitCheck job, List<Remedy> remedies) {
    List<Supplier<Optional<Step>>> searches = new ArrayList<>();
    remedies.forEach(remedy -> searches.add(() -> find(job, remedy)));
    List<Optional<Step>> found = evaluator.steps().helpers().all(searches);
    Map<Remedy, Optional<Step>> ofJob = known.computeIfAbsent(job, unknown -> new HashMap<>());
    for (int i = 0; i < remedies.size(); i++) {
      ofJob.put(remedies.get(i), found.get(i));
    }
  }

  private Optional<Step> find(FitCheck job, Remedy remedy) {
    return job.shortage().isPresent()
        ? besidePasses(job, remedy, job.shortage().get().resource())
        : ofPasses(job, remedy);
  }

  /** What a run takes beside its passes is known without a replay. */
  private Optional<Step> besidePasses(FitCheck job, Remedy remedy, Resource resource) {
    Found best = null;
    List<Change> changes = remedy.of(job);
    for (int i = 0; i < changes.size(); i++) {
      Optional<Found> found = besidePasses(job, i, changes.get(i), resource);
      if (found.isPresent() && found.get().step.after().fits()) {
        return Optional.of(found.get().step);
      }
      best = better(best, found);
    }
    return Optional.ofNullable(best).map(Found::step);
  }

  /** A card counts only where the job fits it, and not at all where it is not too small. */
  private Optional<Found> besidePasses(FitCheck job, int index, Change change, Resource resource) {
    if (change.card().isPresent()) {
      Optional<Step> there = resource == Resource.GPU ? onCard(job, change) : Optional.empty();
      return there.map(step -> new Found(index, step));
    }
    Optional<Prospect> prospect = evaluator.prospect(change.document()).filter(this::hasHost);
    if (prospect.isEmpty()) {
      return Optional.empty();
    }
    long needed = evaluator.life(prospect.get()).neededBytes(resource);
    return isWorthIt(job, needed)
        ? evaluator
            .tryCheck(prospect.get())
            .map(after -> new Found(index, new Step(change, job, after, needed)))
        : Optional.empty();
  }

  /**
   * Jobs that may fit are replayed in the order of the changes. The others count only where none
   * fits, and of these only the one that saves most: they are replayed from the one that allocates
   * least, up to that which allocates more than another needs.
   */
  private Optional<Step> ofPasses(FitCheck job, Remedy remedy) {
    List<Change> changes = remedy.of(job);
    List<Candidate> waiting = new ArrayList<>();
    Found best = null;
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (change.card().isPresent()) {
        Optional<Step> there = onCard(job, change);
        if (there.isPresent()) {
          return there;
        }
        continue;
      }
      Optional<Prospect> prospect = evaluator.prospect(change.document());
      if (prospect.filter(it -> isWorthIt(job, it.leastBytes()) && hasHost(it)).isEmpty()) {
        continue;
      }
      Candidate candidate = new Candidate(i, change, prospect.get());
      if (!candidate.prospect.mayFit()) {
        waiting.add(candidate);
        continue;
      }
      Optional<Found> found = found(job, candidate, Long.MAX_VALUE);
      if (found.isPresent() && found.get().step.after().fits()) {
        return Optional.of(found.get().step);
      }
      best = better(best, found);
    }
    return Optional.ofNullable(smallest(job, waiting, best)).map(Found::step);
  }

  private @Nullable Found smallest(
      FitCheck job, List<Candidate> waiting, @Nullable Found mayHaveFitted) {
    Found best = mayHaveFitted;
    waiting.sort(Comparator.comparingLong(candidate -> candidate.prospect.leastBytes()));
    for (Candidate candidate : waiting) {
      if (best != null && candidate.prospect.leastBytes() > best.bytes()) {
        break;
      }
      long most = best == null ? Long.MAX_VALUE : best.bytes();
      best = better(best, found(job, candidate, most));
    }
    return best;
  }

  /** Another card counts only where the job fits. */
  private Optional<Step> onCard(FitCheck job, Change change) {
    return evaluator
        .on(change.card().orElseThrow())
        .tryFitForCertain(change.document())
        .map(after -> new Step(change, job, after, evaluator.decidingBytes(job, after)));
  }

  /**
   * The job after a change; empty where it is not worth a line, and it may be where it needs more.
   *
   * @param most bytes that matter
   */
  private Optional<Found> found(FitCheck job, Candidate candidate, long most) {
    return evaluator
        .tryCheck(candidate.prospect, bytes -> bytes <= most && isWorthIt(job, bytes))
        .filter(after -> isWorthIt(job, after.deviceBytes()))
        .map(after -> new Step(candidate.change, job, after, after.deviceBytes()))
        .map(step -> new Found(candidate.index, step));
  }

  private static boolean isWorthIt(FitCheck job, long bytes) {
    return job.decidingBytes() - bytes >= WORTH_IT * job.decidingBytes();
  }

  private boolean hasHost(Prospect prospect) {
    return MachineNeeds.offloadedBytes(
            evaluator.architecture(), prospect.resolution().job(), prospect.memory())
        <= MachineNeeds.LARGEST_HOST;
  }

  /** The one that saves more, of equal ones that of the earlier change. */
  private static @Nullable Found better(@Nullable Found one, Optional<Found> other) {
    if (one == null || other.isEmpty()) {
      return other.orElse(one);
    }
    Found two = other.get();
    boolean first =
        one.bytes() < two.bytes() || one.bytes() == two.bytes() && one.index < two.index;
    return first ? one : two;
  }

  /** Changes that add up until the job fits, without those that it fits without. */
  List<Step> together(FitCheck job, List<Remedy> remedies) {
    List<Remedy> used = new ArrayList<>();
    List<Step> steps = accumulate(job, remedies, used);
    return reach(steps, FitCheck::fits) ? needed(job, used, steps, FitCheck::fits) : steps;
  }

  /**
   * Several changes, each after those before it, of which none can be left out if the job is to be
   * good enough; empty where even all of them do not make it so, or one does.
   *
   * @param enough whether a job is good enough
   */
  List<Step> likely(FitCheck job, List<Remedy> remedies, Predicate<FitCheck> enough) {
    List<Remedy> used = new ArrayList<>();
    List<Step> steps = accumulate(job, remedies, used);
    int reached = 0;
    while (reached < steps.size() && !enough.test(steps.get(reached).after())) {
      reached++;
    }
    if (reached == steps.size()) {
      return List.of();
    }
    List<Step> needed =
        needed(job, used.subList(0, reached + 1), steps.subList(0, reached + 1), enough);
    return needed.size() > 1 ? needed : List.of();
  }

  /** Steps that are enough, without those whose remedies need not be used, the last first. */
  private List<Step> needed(
      FitCheck job, List<Remedy> used, List<Step> steps, Predicate<FitCheck> enough) {
    List<Remedy> kept = used;
    List<Step> needed = steps;
    for (int i = used.size() - 1; i >= 0; i--) {
      List<Remedy> fewer = new ArrayList<>(kept);
      fewer.remove(i);
      List<Step> shorter = accumulate(job, fewer, new ArrayList<>());
      if (reach(shorter, enough)) {
        kept = fewer;
        needed = shorter;
      }
    }
    return needed;
  }

  private static boolean reach(List<Step> steps, Predicate<FitCheck> enough) {
    return !steps.isEmpty() && enough.test(steps.get(steps.size() - 1).after());
  }

  private List<Step> accumulate(FitCheck job, List<Remedy> remedies, List<Remedy> used) {
    List<Step> steps = new ArrayList<>();
    List<Remedy> open = new ArrayList<>(remedies);
    FitCheck current = job;
    for (int i = 0; i < open.size() && !current.fits(); i++) {
      Optional<Step> step = best(current, open.get(i));
      if (step.isPresent()) {
        steps.add(step.get());
        used.add(open.remove(i));
        FitCheck after = step.get().after();
        // Where something else decides then, what did not help before may do.
        i = decides(after).equals(decides(current)) ? i - 1 : -1;
        current = after;
      }
    }
    return steps;
  }

  private static Optional<Resource> decides(FitCheck job) {
    return job.shortage().map(Shortage::resource);
  }
}
