package dev.vramcast.cli.command;

import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.sweep.run.Summary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a sweep did, for people. */
final class SweepReport {

  private static final int MOST_REASONS = 12;

  private SweepReport() {}

  static List<String> lines(Summary done, String where) {
    List<String> lines = new ArrayList<>();
    lines.add(
        number(
                "%s in %.1f s, %,.0f rows/s on %d threads; ",
                rows(done.rows()),
                done.used().seconds(),
                done.rows() / Math.max(1e-3, done.used().seconds()),
                done.used().threads())
            + number(
                "%,d distinct estimates, %,.0f/s; ",
                done.traces(), done.traces() / Math.max(1e-3, done.used().seconds()))
            + number("peak heap %.0f MiB", done.used().peakHeapBytes() / (double) MIB));
    if (done.kept() > 0) {
      boolean one = done.kept() == 1;
      String are = one ? "was there already and is kept" : "were there already and are kept";
      lines.add(rows(done.kept()) + " " + are);
    }
    lines.add(rows(done.read()) + " read, " + rows(done.rows() + done.kept()) + " out");
    List<String> verdicts = new ArrayList<>();
    sorted(done.verdicts())
        .forEach(each -> verdicts.add(number("%,d ", each.getValue()) + each.getKey()));
    if (!verdicts.isEmpty()) {
      lines.add(String.join(", ", verdicts));
    }
    lines.addAll(reasons(done));
    if (!where.isEmpty()) {
      lines.add("in " + where);
    }
    return lines;
  }

  private static List<String> reasons(Summary done) {
    List<String> lines = new ArrayList<>();
    List<Map.Entry<String, Long>> reasons = sorted(done.reasons());
    if (reasons.isEmpty()) {
      return lines;
    }
    long all = reasons.stream().mapToLong(Map.Entry::getValue).sum();
    lines.add(rows(all) + (all == 1 ? " has an error:" : " have an error:"));
    reasons.stream()
        .limit(MOST_REASONS)
        .forEach(each -> lines.add(number("  %,12d  ", each.getValue()) + each.getKey()));
    if (reasons.size() > MOST_REASONS) {
      long rest = reasons.stream().skip(MOST_REASONS).mapToLong(Map.Entry::getValue).sum();
      int others = reasons.size() - MOST_REASONS;
      String what = others == 1 ? "another reason" : number("%,d other reasons", others);
      lines.add(number("  %,12d  for ", rest) + what);
    }
    return lines;
  }

  private static List<Map.Entry<String, Long>> sorted(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .toList();
  }

  private static String rows(long count) {
    return number("%,d row", count) + (count == 1 ? "" : "s");
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
