package dev.vramcast.sweep.product;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobDocument.Entry;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import java.util.ArrayList;
import java.util.List;

/**
 * All combinations of a spec, which are counted and never held. They are in the order of the spec
 * with cards and offers behind settings and data last, since what changes last costs least.
 *
 * @param settings without cards and data
 * @param places where jobs run; empty where no card is named
 * @param data how much is trained on
 * @param market of which a row without an offer takes the cheapest
 * @param purchase by which way
 */
public record Product(
    List<Axis> settings,
    List<CardPlace> places,
    List<Axis> data,
    List<Offer> market,
    Purchase purchase) {

  public Product {
    settings = List.copyOf(settings);
    places = List.copyOf(places);
    data = List.copyOf(data);
    market = List.copyOf(market);
  }

  /** How many combinations there are; {@code Long.MAX_VALUE} for that many and more. */
  public long rows() {
    return times(times(size(settings), Math.max(1, places.size())), size(data));
  }

  /** Combinations of settings. */
  public long jobs() {
    return size(settings);
  }

  /** Combinations of data. */
  public int dataSets() {
    return (int) size(data);
  }

  /** Rows that one combination of settings has. */
  public long rowsOfJob() {
    return times(Math.max(1, places.size()), size(data));
  }

  /** The settings of a combination, counted from 0. */
  public JobDocument job(long index) {
    return JobDocument.of(entries(settings, index));
  }

  /** The data of a combination, counted from 0. */
  public JobDocument dataSet(int index) {
    return JobDocument.of(entries(data, index));
  }

  private static List<Entry> entries(List<Axis> axes, long index) {
    List<Entry> entries = new ArrayList<>();
    long rest = index;
    for (int i = axes.size() - 1; i >= 0; i--) {
      List<Entry> values = axes.get(i).values();
      entries.add(values.get((int) (rest % values.size())));
      rest /= values.size();
    }
    return entries;
  }

  private static long size(List<Axis> axes) {
    long size = 1;
    for (Axis axis : axes) {
      size = times(size, axis.values().size());
    }
    return size;
  }

  private static long times(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return high != 0 || low < 0 ? Long.MAX_VALUE : low;
  }
}
