package dev.vramcast.formats.training.schema;

import java.util.ArrayList;
import java.util.List;

/** A unified difference of two texts with as many lines, as {@code patch} takes it. */
public final class LineDiff {

  private static final int CONTEXT = 3;

  private LineDiff() {}

  /** Its lines; none where the texts are equal. */
  public static List<String> of(String name, List<String> before, List<String> after) {
    List<String> diff = new ArrayList<>();
    int line = 0;
    while (line < before.size()) {
      if (before.get(line).equals(after.get(line))) {
        line++;
        continue;
      }
      if (diff.isEmpty()) {
        diff.addAll(List.of("--- " + name, "+++ " + name));
      }
      int first = Math.max(0, line - CONTEXT);
      int end = end(before, after, line);
      int count = end - first;
      diff.add("@@ -%d,%d +%d,%d @@".formatted(first + 1, count, first + 1, count));
      hunk(diff, before.subList(first, end), after.subList(first, end));
      line = end;
    }
    return List.copyOf(diff);
  }

  /** Behind the last difference that lies within reach of the one before it. */
  private static int end(List<String> before, List<String> after, int from) {
    int end = from + 1;
    for (int line = from; line < Math.min(before.size(), end + 2 * CONTEXT); line++) {
      if (!before.get(line).equals(after.get(line))) {
        end = line + 1;
      }
    }
    return Math.min(before.size(), end + CONTEXT);
  }

  private static void hunk(List<String> diff, List<String> before, List<String> after) {
    for (int line = 0; line < before.size(); line++) {
      if (before.get(line).equals(after.get(line))) {
        diff.add(" " + before.get(line));
      } else {
        diff.add("-" + before.get(line));
        diff.add("+" + after.get(line));
      }
    }
  }
}
