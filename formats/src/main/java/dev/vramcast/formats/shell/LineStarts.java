package dev.vramcast.formats.shell;

import dev.vramcast.input.tree.Mark;
import java.util.Arrays;

/** Where the lines of a text begin, so that the place of each character is known at once. */
final class LineStarts {

  private final int[] starts;

  /** Up to each place, how many characters take two of a string; empty where none does. */
  private final int[] pairs;

  LineStarts(String text) {
    pairs = text.chars().anyMatch(LineStarts::isSecond) ? pairs(text) : new int[0];
    int count = (int) text.chars().filter(c -> c == '\n').count();
    starts = new int[count + 1];
    for (int line = 1, i = text.indexOf('\n'); i >= 0; line++, i = text.indexOf('\n', i + 1)) {
      starts[line] = i + 1;
    }
  }

  /** The line and column of a character. */
  Mark at(int position) {
    int found = Arrays.binarySearch(starts, position);
    int line = found >= 0 ? found : -found - 2;
    int units = position - starts[line];
    return new Mark(line + 1, units - pairsBefore(position) + pairsBefore(starts[line]) + 1);
  }

  private int pairsBefore(int position) {
    return pairs.length == 0 ? 0 : pairs[Math.min(position, pairs.length - 1)];
  }

  private static int[] pairs(String text) {
    int[] pairs = new int[text.length() + 1];
    for (int i = 0; i < text.length(); i++) {
      pairs[i + 1] = pairs[i] + (isSecond(text.charAt(i)) ? 1 : 0);
    }
    return pairs;
  }

  private static boolean isSecond(int unit) {
    return Character.isLowSurrogate((char) unit);
  }
}
