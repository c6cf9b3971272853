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
 * Best-first search over offers. The queue holds each offer with the fastest setting of its machine
 * that is not known to be too large, so with the least that it may cost and take. Memory is looked
 * at only when an offer comes to the front: if the setting fits, nothing in the queue can be better
 * than it; else the machine's next setting takes its place.
 */
public final class Search {

  /** An offer with the setting that it is found with. */
  public record Found(Priced offer, Machine machine, Choice choice) {

    public SearchResult result(Memory memory) {
      double dollars = offer.dollars(choice.seconds(), memory::stored, choice.setting());
      return new SearchResult(offer.offer(), choice.billed(), dollars);
    }
  }

  /** What an offer costs and takes at least. */
  private record Entry(Priced offer, Cursor cursor, int at, double dollars, double seconds) {

    static Entry of(Priced offer, Cursor cursor, int at, Memory memory) {
      Choice choice = cursor.choice(at);
      double dollars = offer.dollars(choice.seconds(), memory::stored, choice.setting());
      return new Entry(offer, cursor, at, dollars, choice.seconds());
    }
  }

  private static final Comparator<Entry> BY_COST =
      Comparator.comparingDouble(Entry::dollars)
          .thenComparingDouble(Entry::seconds)
          .thenComparingInt(entry -> entry.offer().order());

  private static final Comparator<Entry> BY_TIME =
      Comparator.comparingDouble(Entry::seconds)
          .thenComparingDouble(Entry::dollars)
          .thenComparingInt(entry -> entry.offer().order());

  private final Ranking ranking;
  private final Limits limits;
  private final Memory memory;
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
      Memory memory,
      Progress progress) {
    this.ranking = ranking;
    this.limits = limits;
    this.memory = memory;
    this.progress = progress;
    this.queue = new PriorityQueue<>(ranking == Ranking.TIME ? BY_TIME : BY_COST);
    this.offers = offers.size();
    machines.forEach(timed -> cursors.put(timed.machine(), new Cursor(timed)));
    offers.forEach(offer -> add(offer, cursor(offer), 0));
  }

  /**
   * The best offers, each with the fastest setting that fits, the best first; no more than {@code
   * most} of them.
   */
  public List<Found> run(int most) {
    List<Found> found = new ArrayList<>();
    while (!queue.isEmpty() && found.size() < most) {
      Entry entry = queue.poll();
      if (ranking == Ranking.BOTH && entry.seconds() >= shortest) {
        progress.at((double) (offers - queue.size()) / offers);
      } else if (entry.cursor().fits(entry.at(), memory)) {
        Machine machine = entry.cursor().timed().machine();
        found.add(new Found(entry.offer(), machine, entry.cursor().choice(entry.at())));
        shortest = Math.min(shortest, entry.seconds());
        progress.at((double) (offers - queue.size()) / offers);
      } else {
        add(entry.offer(), entry.cursor(), entry.at() + 1);
      }
    }
    return found;
  }

  private Cursor cursor(Priced offer) {
    return Objects.requireNonNull(cursors.get(offer.machine()));
  }

  /** Queues an offer with its next setting within the limits, unless there is none. */
  private void add(Priced offer, Cursor cursor, int from) {
    cursor
        .next(from, choice -> isAllowed(offer, choice))
        .ifPresent(at -> queue.add(Entry.of(offer, cursor, at, memory)));
  }

  private boolean isAllowed(Priced offer, Choice choice) {
    return offer.isWithin(limits, choice, memory) && offer.holdsOffloaded(choice, memory);
  }

  /** Settings of an offer within the limits that are known to be too large. */
  public long tooLarge(Priced offer) {
    return cursor(offer).tooLarge(choice -> isAllowed(offer, choice));
  }
}
