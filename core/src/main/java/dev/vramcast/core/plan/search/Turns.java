package dev.vramcast.core.plan.search;

import dev.vramcast.core.plan.search.Timed.Choice;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The settings of an offer in the order in which they are in question: by their time, or by dollars
 * where these are ranked and what a setting stores is paid for.
 */
final class Turns {

  private final Priced offer;
  private final Cursor cursor;

  /** Empty where settings are taken as they stand. */
  private final int[] order;

  private Turns(Priced offer, Cursor cursor, int[] order) {
    this.offer = offer;
    this.cursor = cursor;
    this.order = order;
  }

  static Turns of(Priced offer, Cursor cursor, Ranking ranking, CertainFit memory) {
    if (ranking == Ranking.TIME || !offer.isCharged()) {
      return new Turns(offer, cursor, new int[0]);
    }
    double[] dollars =
        cursor.timed().settings().stream()
            .mapToDouble(choice -> dollars(offer, choice, memory))
            .toArray();
    int[] order =
        IntStream.range(0, dollars.length)
            .boxed()
            .sorted(Comparator.comparingDouble(at -> dollars[at]))
            .mapToInt(at -> at)
            .toArray();
    return new Turns(offer, cursor, order);
  }

  static double dollars(Priced offer, Choice choice, CertainFit memory) {
    return offer.dollars(choice.seconds(), memory::stored, choice.setting());
  }

  private int at(int turn) {
    return order.length == 0 ? turn : order[turn];
  }

  Priced offer() {
    return offer;
  }

  Machine machine() {
    return cursor.timed().machine();
  }

  Choice choice(int turn) {
    return cursor.choice(at(turn));
  }

  /** The first of the allowed settings, from a turn on, that is not known to be too large. */
  OptionalInt next(int from, Predicate<Choice> allowed) {
    return IntStream.range(from, cursor.timed().settings().size())
        .filter(turn -> !cursor.isTooLarge(at(turn)) && allowed.test(choice(turn)))
        .findFirst();
  }

  boolean fits(int turn, CertainFit memory) {
    return cursor.fits(at(turn), memory);
  }
}
