package dev.vramcast.formats.shell;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Which round bracket of a text closes which, found for all of them in one pass. */
final class Brackets {

  private final String text;

  /** By the place of an opening one that of its closing one, 0 where there is none. */
  private int @Nullable [] closing;

  Brackets(String text) {
    this.text = text;
  }

  /** Where the one that closes it stands; 0 where none does. */
  int closing(int opening) {
    int[] known = closing;
    if (known == null) {
      known = find();
      closing = known;
    }
    return known[opening];
  }

  private int[] find() {
    int[] found = new int[text.length()];
    int[] open = new int[16];
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(') {
        open = depth == open.length ? Arrays.copyOf(open, 2 * depth) : open;
        open[depth++] = i;
      } else if (c == ')' && depth > 0) {
        found[open[--depth]] = i;
      }
    }
    return found;
  }
}
