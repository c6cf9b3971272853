package dev.vramcast.core.plan.search;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Offer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts candidates by the first constraint that they fail. */
public final class ExclusionCounts {

  private final Map<String, Long> excluded = new LinkedHashMap<>();
  private long candidates;
  private long left;

  /** Counts in which every constraint stands in its order. */
  public ExclusionCounts(List<OfferFilter> filters) {
    filters.forEach(filter -> excluded.put(filter.name(), 0L));
    List.of(
            Exclusion.PRICE,
            Exclusion.NETWORK,
            Exclusion.LEGALITY,
            Exclusion.HOST,
            Exclusion.DEADLINE,
            Exclusion.BUDGET,
            Exclusion.MEMORY)
        .forEach(name -> excluded.putIfAbsent(name, 0L));
  }

  /** The first constraint on offers that so many machines of one fail. */
  public static Optional<String> failed(Question question, Offer offer, int nodes) {
    return question.rentals().filters().stream()
        .filter(filter -> !filter.keeps().test(offer))
        .map(OfferFilter::name)
        .findFirst()
        .or(
            () ->
                offer.price(question.rentals().purchase(), nodes).isPresent()
                    ? Optional.empty()
                    : Optional.of(Exclusion.PRICE))
        .or(
            () ->
                offer.joins(nodes, question.job().has(JobKey.NETWORK))
                    ? Optional.empty()
                    : Optional.of(Exclusion.NETWORK));
  }

  /** All settings of an offer fail. */
  public void exclude(String constraint, long settings) {
    candidates += settings;
    excluded.merge(constraint, settings, Long::sum);
  }

  /** Counts the settings of an offer that is not excluded as a whole. */
  public void count(Priced offer, Timed timed, Limits limits, CertainFit memory) {
    List<Timed.Choice> held =
        timed.settings().stream().filter(choice -> offer.holdsOffloaded(choice, memory)).toList();
    long inTime = held.stream().filter(choice -> offer.meetsDeadline(limits, choice)).count();
    long within = held.stream().filter(choice -> offer.isWithin(limits, choice, memory)).count();
    exclude(Exclusion.LEGALITY, timed.illegal());
    exclude(Exclusion.HOST, timed.settings().size() - held.size());
    exclude(Exclusion.DEADLINE, timed.hopeless() + held.size() - inTime);
    exclude(Exclusion.BUDGET, inTime - within);
    candidates += within;
    left += within;
  }

  public long candidates() {
    return candidates;
  }

  /** Candidates that no constraint but memory can exclude. */
  public long left() {
    return left;
  }

  /**
   * All constraints that exclude something.
   *
   * @param tooLarge candidates that are known to need too much memory
   */
  public List<Exclusion> exclusions(long tooLarge) {
    Map<String, Long> all = new LinkedHashMap<>(excluded);
    all.put(Exclusion.MEMORY, tooLarge);
    List<Exclusion> exclusions = new ArrayList<>();
    all.forEach((name, count) -> exclusions.add(new Exclusion(name, count)));
    return exclusions.stream().filter(exclusion -> exclusion.candidates() > 0).toList();
  }
}
