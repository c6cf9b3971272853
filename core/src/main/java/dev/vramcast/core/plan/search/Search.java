package dev.vramcast.core.plan.search;

import dev.vramcast.core.plan.search.Timed.Choice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * Best-first search over offers. The queue holds each offer with the best setting of its machine
 * that is not known to be too large, so with the least that it may cost or take. Memory is looked
 * at only when an offer comes to the front: if the setting fits, nothing in the queue can be better
 * than it; else the offer's next setting takes its place.
 */
public final class Search {

  /** An offer with the setting that it is found with. */
  public record Found(Priced offer, Machine machine, Choice choice) {

    public SearchResult result(CertainFit memory) {
      return new SearchResult(offer.offer(), choice.billed(), Turns.dollars(offer, choice, memory));
    }
  }

  /** What an offer costs and takes at least. */
  private record Entry(Turns turns, int at, double dollars, double seconds) {

    static Entry of(Turns turns, int at, CertainFit memory) {
      Choice choice = turns.choice(at);
      double dollars = Turns.dollars(turns.offer(), choice, memory);
      return new Entry(turns, at, dollars, choice.seconds());
    }

    int order() {
      return turns.offer().order();
    }
  }

  private static final Comparator<Entry> BY_COST =
      Comparator.comparingDouble(Entry::dollars)
          .thenComparingDouble(Entry::seconds)
          .thenComparingInt(Entry::order);

  private static final Comparator<Entry> BY_TIME =
      Comparator.comparingDouble(Entry::seconds)
          .thenComparingDouble(Entry::dollars)
          .thenComparingInt(Entry::order);

  private final Ranking ranking;
  private final Limits limits;
  private final CertainFit memory;
  private final Progress progress;
  private final Map<Machine, Cursor> cursors = new HashMap<>();
  private final PriorityQueue<Entry> queue;
  private final int offers;
  private double shortest = Double.POSITIVE_INFINITY;

  /**
   * A search that has not begun.
   *
   * @param offers whose machines all are among {@code machines}
   */
  public Search(
      Ranking ranking,
      Collection<Priced> offers,
      Collection<Timed> machines,
      Limits limits,
      CertainFit memory,
      Progress progress) {
    this.ranking = ranking;
    this.limits = limits;
    this.memory = memory;
    this.progress = progress;
    this.queue = new PriorityQueue<>(ranking == Ranking.TIME ? BY_TIME : BY_COST);
    this.offers = offers.size();
    machines.forEach(timed -> cursors.put(timed.machine(), new Cursor(timed)));
    offers.forEach(offer -> add(Turns.of(offer, cursor(offer), ranking, memory), 0));
  }

  /**
   * The best offers, each with its best setting that fits, the best first; no more than {@code
   * most} of them. Among those of which none is both cheaper and faster, an offer stands again with
   * a faster setting that costs more.
   */
  public List<Found> run(int most) {
    List<Found> found = new ArrayList<>();
    while (!queue.isEmpty() && found.size() < most) {
      Entry entry = queue.poll();
      Turns turns = entry.turns();
      boolean isSlow = ranking == Ranking.BOTH && entry.seconds() >= shortest;
      boolean fits = !isSlow && turns.fits(entry.at(), memory);
      if (fits) {
        found.add(new Found(turns.offer(), turns.machine(), turns.choice(entry.at())));
        shortest = Math.min(shortest, entry.seconds());
      }
      if (fits || isSlow) {
        progress.at((double) (offers - Math.min(offers, queue.size())) / offers);
      }
      boolean mayBeFaster = ranking == Ranking.BOTH && turns.offer().isCharged();
      if (mayBeFaster || !(fits || isSlow)) {
        add(turns, entry.at() + 1);
      }
    }
    return found;
  }

  private Cursor cursor(Priced offer) {
    return Objects.requireNonNull(cursors.get(offer.machine()));
  }

  /** Queues an offer with its next setting within the limits, unless there is none. */
  private void add(Turns turns, int from) {
    turns
        .next(from, choice -> isAllowed(turns.offer(), choice))
        .ifPresent(at -> queue.add(Entry.of(turns, at, memory)));
  }

  private boolean isAllowed(Priced offer, Choice choice) {
    return offer.isWithin(limits, choice, memory) && offer.holdsOffloaded(choice, memory);
  }

  /** Settings of an offer within the limits that are known to be too large. */
  public long tooLarge(Priced offer) {
    return cursor(offer).tooLarge(choice -> isAllowed(offer, choice));
  }
}
