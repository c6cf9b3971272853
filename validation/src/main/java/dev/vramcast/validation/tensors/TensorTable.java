package dev.vramcast.validation.tensors;

import java.util.List;
import java.util.Locale;

/** The first differences between an estimate and a run, for a terminal. */
public final class TensorTable {

  private static final int SHOWN = 20;
  private static final String ROW = "%14s %10s %10s  %s%n";

  private TensorTable() {}

  /** The lines, each difference with the modules that have more of it on one side. */
  public static String of(TensorComparison comparison) {
    StringBuilder out = new StringBuilder();
    long difference = comparison.estimatedBytes() - comparison.measuredBytes();
    line(
        out,
        "%s at the peak of phase '%s': estimated %,d bytes, measured %,d, difference %s%n",
        comparison.id(),
        comparison.phase().label(),
        comparison.estimatedBytes(),
        comparison.measuredBytes(),
        signed(difference));
    List<TensorDifference> differences = comparison.differences();
    if (differences.isEmpty()) {
      return out.append("Both have the same tensors.\n").toString();
    }
    out.append('\n');
    line(out, ROW, "bytes more", "estimated", "measured", "tensors of");
    differences.stream().limit(SHOWN).forEach(each -> add(out, each));
    if (differences.size() > SHOWN) {
      long rest = differences.stream().skip(SHOWN).mapToLong(TensorDifference::bytes).sum();
      line(out, ROW, signed(rest), "", "", (differences.size() - SHOWN) + " more sizes");
    }
    return out.toString();
  }

  private static void add(StringBuilder out, TensorDifference difference) {
    line(
        out,
        ROW,
        signed(difference.bytes()),
        difference.estimatedCount() + " x",
        difference.measuredCount() + " x",
        String.format(Locale.ROOT, "%,d %s", difference.elements(), difference.dtype()));
    difference.estimated().forEach(text -> line(out, "%14s estimated %s%n", "", text));
    difference.measured().forEach(text -> line(out, "%14s measured  %s%n", "", text));
  }

  private static String signed(long bytes) {
    return String.format(Locale.ROOT, "%+,d", bytes);
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
  }
}
