package dev.vramcast.formats.shell;

import dev.vramcast.input.tree.Mark;
import java.util.Arrays;

/** Where the lines of a text begin, so that the place of each character is known at once. */
final class LineStarts {

  private final int[] starts;

  LineStarts(String text) {
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
    return new Mark(line + 1, position - starts[line] + 1);
  }
}
