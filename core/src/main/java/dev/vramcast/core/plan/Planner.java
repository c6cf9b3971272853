package dev.vramcast.core.plan;

import dev.vramcast.core.code.FusedLoss;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.search.BilledTime;
import dev.vramcast.core.plan.search.CertainFit;
import dev.vramcast.core.plan.search.ExclusionCounts;
import dev.vramcast.core.plan.search.Machine;
import dev.vramcast.core.plan.search.Priced;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.search.Search;
import dev.vramcast.core.plan.search.Search.Found;
import dev.vramcast.core.plan.search.SearchResult;
import dev.vramcast.core.plan.search.Timed;
import dev.vramcast.core.plan.setting.Placement;
import dev.vramcast.core.plan.setting.Setting;
import dev.vramcast.core.plan.setting.Settings;
import dev.vramcast.core.plan.setting.Splits;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.TrainingData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Searches a market for the best machines and settings for a job. The time and the cost of every
 * candidate are counted; its memory is looked at in the order of these, as far as it decides.
 */
public final class Planner {

  /** The share of the time that a search takes; the rest goes into the figures of its lines. */
  private static final double SEARCH = 0.5;

  private final FitEvaluator anywhere;
  private final Question question;
  private final Progress progress;
  private final ModelProfile model;
  private final BilledTime billed;
  private final CertainFit memory;
  private final ExclusionCounts exclusions;
  private final List<Priced> offers = new ArrayList<>();
  private final Map<Machine, Timed> machines;
  private final Map<Place, FitCheck> checks = new HashMap<>();

  /**
   * Finds all candidates and their times.
   *
   * @param anywhere an evaluator for any card
   * @throws InputException when the job cannot be resolved, or does not say on how much it trains
   */
  public Planner(FitEvaluator anywhere, Question question, Progress progress) {
    this.anywhere = anywhere;
    this.question = question;
    this.progress = progress;
    Resolution resolved = JobResolver.resolve(question.job());
    boolean images = resolved.job().batch().hasImages();
    this.model = ModelProfile.of(anywhere.architecture()).running(images);
    TrainingData data = data(resolved);
    this.billed =
        new BilledTime(
            question.rentals().purchase(), question.extras(), question.terms(), data.tokens());
    this.memory = new CertainFit(anywhere);
    this.exclusions = new ExclusionCounts(question.rentals().filters());
    pick();
    this.machines = time(data);
    offers.forEach(offer -> exclusions.count(offer, timed(offer), question.limits(), memory));
  }

  private static TrainingData data(Resolution resolved) {
    return TrainingData.of(resolved)
        .filter(data -> data.tokens() > 0)
        .orElseThrow(
            () ->
                InputError.of("the job does not say on how much it trains, so no limit can be kept")
                    .concerning(JobKey.TOKENS)
                    .hint("give ", JobKey.TOKENS, ", ", JobKey.STEPS, ", or ", JobKey.EXAMPLES)
                    .kind(ErrorKind.MISSING)
                    .refusal());
  }

  /** The offers that may be rented; the others are counted. */
  private void pick() {
    Map<Size, Long> settings = new HashMap<>();
    for (Offer offer : question.rentals().offers()) {
      for (int nodes : question.rentals().nodes()) {
        Optional<String> failed = ExclusionCounts.failed(question, offer, nodes);
        if (failed.isPresent()) {
          Machine machine = Machine.of(offer, nodes);
          long count = settings.computeIfAbsent(Size.of(machine), size -> count(machine));
          exclusions.exclude(failed.get(), count);
        } else {
          offers.add(Priced.of(offer, nodes, offers.size(), question.rentals().purchase()));
        }
      }
    }
  }

  private long count(Machine machine) {
    return Settings.count(placement(machine), machine.across(question.job()), question.choices());
  }

  private Placement placement(Machine machine) {
    return new Placement(anywhere.architecture(), machine.gpu(), machine.gpus());
  }

  /** What of machines decides which settings there are. */
  private record Size(
      int gpus, int nodes, OptionalDouble network, boolean bf16, boolean runsTriton) {

    static Size of(Machine machine) {
      return new Size(
          machine.gpus(),
          machine.nodes(),
          machine.network(),
          machine.gpu().abilities().bf16(),
          FusedLoss.runsTriton(Optional.of(machine.gpu())));
    }
  }

  private Map<Machine, Timed> time(TrainingData data) {
    List<Machine> distinct = offers.stream().map(Priced::machine).distinct().toList();
    Map<Size, Settings> settings = new HashMap<>();
    for (Machine machine : distinct) {
      progress.at(0);
      settings.computeIfAbsent(Size.of(machine), size -> settings(machine, data));
    }
    return distinct.parallelStream()
        .map(machine -> Timed.of(machine, of(settings, machine), model, billed))
        .collect(Collectors.toMap(Timed::machine, Function.identity()));
  }

  private static Settings of(Map<Size, Settings> settings, Machine machine) {
    return Objects.requireNonNull(settings.get(Size.of(machine)));
  }

  private Settings settings(Machine machine, TrainingData data) {
    return Settings.of(
        placement(machine),
        machine.across(question.job()).withFound(machine.gpu()),
        question.choices(),
        data);
  }

  /** Offers times settings, whether they can run or not. */
  public long candidates() {
    return exclusions.candidates();
  }

  /**
   * The best offers alone, as {@link #plan} has them, without what it takes to say more of them.
   *
   * @return each with what its machine costs and how long it is paid for
   */
  public List<SearchResult> search(Ranking ranking, int most) {
    return search(ranking).run(limit(ranking, most)).stream()
        .map(found -> found.result(memory))
        .toList();
  }

  private static int limit(Ranking ranking, int most) {
    return ranking == Ranking.BOTH ? Integer.MAX_VALUE : most;
  }

  /**
   * The best offers, each with the settings that are best there.
   *
   * @param most lines; at least 1. A Pareto front is whole however long it is.
   */
  public Plan plan(Ranking ranking, int most) {
    while (true) {
      Search search = search(ranking);
      List<Found> found = search.run(limit(ranking, most));
      Optional<Found> next = next(ranking, found);
      Optional<List<PlanLine>> lines = lines(found);
      Optional<List<PlanLine>> second = lines(next.stream().toList());
      if (lines.isPresent() && second.isPresent()) {
        long tooLarge = tooLarge(search);
        return new Plan(
            lines.get(),
            second.get().stream().findFirst(),
            exclusions.candidates(),
            exclusions.exclusions(tooLarge),
            refusal(),
            memory.shortage(),
            tooLarge == exclusions.left());
      }
    }
  }

  private Search search(Ranking ranking) {
    Progress part = share -> progress.at(SEARCH * share);
    return new Search(ranking, offers, machines.values(), question.limits(), memory, part);
  }

  /** What comes after the first: of a front of one line, the second cheapest offer. */
  private Optional<Found> next(Ranking ranking, List<Found> found) {
    List<Found> all =
        found.size() == 1 && ranking == Ranking.BOTH ? search(Ranking.COST).run(2) : found;
    return all.stream().skip(1).findFirst();
  }

  /** The times of an offer's machine; each offer that is left has them. */
  private Timed timed(Priced offer) {
    return Objects.requireNonNull(machines.get(offer.machine()));
  }

  private Optional<Notice> refusal() {
    return offers.stream().flatMap(offer -> timed(offer).refusal().stream()).findFirst();
  }

  private long tooLarge(Search search) {
    return offers.stream().mapToLong(search::tooLarge).sum();
  }

  /** Empty when the full check finds that one is too large after all, which is then remembered. */
  private Optional<List<PlanLine>> lines(List<Found> found) {
    check(found);
    LineWriter writer = new LineWriter(question, model, billed, memory);
    List<PlanLine> lines = new ArrayList<>();
    for (Found one : found) {
      FitCheck check = Objects.requireNonNull(checks.get(Place.of(one)));
      if (check.fits()) {
        lines.add(writer.line(one, check));
      } else {
        memory.refute(one.choice().setting(), one.machine().gpu());
      }
    }
    return lines.size() == found.size() ? Optional.of(lines) : Optional.empty();
  }

  /** Checks what is not checked yet, on all cores. */
  private void check(List<Found> found) {
    Map<Place, Found> open = new LinkedHashMap<>();
    found.stream()
        .filter(one -> !checks.containsKey(Place.of(one)))
        .forEach(one -> open.put(Place.of(one), one));
    int[] done = {0};
    List<FitCheck> results =
        open.values().parallelStream()
            .map(
                one -> {
                  FitCheck check = memory.check(one.choice().setting(), one.machine().gpu());
                  tell(done, open.size());
                  return check;
                })
            .toList();
    Iterator<FitCheck> next = results.iterator();
    open.keySet().forEach(place -> checks.put(place, next.next()));
  }

  private synchronized void tell(int[] done, int all) {
    done[0]++;
    progress.at(SEARCH + (1 - SEARCH) * done[0] / all);
  }

  /** Where memory is asked for: the same for all offers of a machine. */
  private record Place(Splits splits, int index, Gpu gpu) {

    static Place of(Found found) {
      Setting setting = found.choice().setting();
      return new Place(setting.splits(), setting.index(), found.machine().gpu());
    }
  }
}
