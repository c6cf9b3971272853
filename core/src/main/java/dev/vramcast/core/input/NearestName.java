package dev.vramcast.core.input;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name a user probably meant. */
public final class NearestName {

  private NearestName() {}

  /** The known name with the smallest edit distance, if it is close enough to be a slip. */
  public static Optional<String> of(String given, Collection<String> known) {
    // One letter at least has to be right.
    int most = Math.min(given.length() - 1, Math.max(2, given.length() / 3));
    return within(most, given, known);
  }

  /** The known name that differs by a slip of the finger: one letter, or two in a longer name. */
  public static Optional<String> slip(String given, Collection<String> known) {
    return within(given.length() < 6 ? 1 : 2, given, known);
  }

  /** The known name that differs by one letter. */
  public static Optional<String> oneLetterOff(String given, Collection<String> known) {
    return within(1, given, known);
  }

  private static Optional<String> within(int limit, String given, Collection<String> known) {
    if (given.isEmpty()) {
      return Optional.empty();
    }
    // A file may hold thousands of unknown names.
    Interruption.check();
    String lower = given.toLowerCase(Locale.ROOT);
    String best = null;
    int bestDistance = limit + 1;
    for (String name : known) {
      if (Math.abs(lower.length() - name.length()) < bestDistance) {
        int distance = distance(lower, name.toLowerCase(Locale.ROOT), bestDistance);
        if (distance < bestDistance) {
          best = name;
          bestDistance = distance;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code ". Did you mean 'x'?"}, or nothing when no known name is near. */
  public static String hint(String given, Collection<String> known) {
    return question(of(given, known).stream().toList());
  }

  /** {@code ". Did you mean 'x' or 'y'?"} of names that are near, or nothing where none is. */
  static String question(List<String> near) {
    if (near.isEmpty()) {
      return "";
    }
    int last = near.size() - 1;
    String before = String.join("', '", near.subList(0, last));
    return ". Did you mean '" + before + (last > 0 ? "' or '" : "") + near.get(last) + "'?";
  }

  /** How many letters to change; {@code limit} where it is so many or more. */
  private static int distance(String a, String b, int limit) {
    int[] previous = new int[b.length() + 2];
    int[] current = new int[b.length() + 2];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      if (row(a.charAt(i - 1), i, b, previous, current, limit) >= limit) {
        return limit;
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return Math.min(previous[b.length()], limit);
  }

  /** A row of the table where it can be below the limit; returns the least of it. */
  private static int row(char letter, int i, String b, int[] previous, int[] current, int limit) {
    int from = Math.max(1, i - limit + 1);
    int to = Math.min(b.length(), i + limit - 1);
    current[from - 1] = from == 1 ? i : limit;
    int least = current[from - 1];
    for (int j = from; j <= to; j++) {
      int substitution = previous[j - 1] + (letter == b.charAt(j - 1) ? 0 : 1);
      current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      least = Math.min(least, current[j]);
    }
    current[to + 1] = limit;
    return least;
  }
}
