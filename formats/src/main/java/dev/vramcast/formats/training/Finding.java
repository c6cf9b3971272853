package dev.vramcast.formats.training;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.NodeParser.Repeat;
import java.util.Arrays;
import java.util.Optional;

/**
 * Something to know about a training file.
 *
 * @param file its name
 * @param mark where the key begins; nowhere when the finding is about a key that is missing, or
 *     about the file
 * @param key in the words of the format, with dots between sections
 * @param value as the file gives it; empty where there is none
 * @param message one line without the place
 */
public record Finding(
    FindingCode code, String file, Mark mark, String key, String value, Phrase message) {

  private static final int LONGEST = 600;

  public Finding {
    key = Shown.oneLine(plain(key));
    value = plain(value);
  }

  /** One about a key and its value; the pieces of its message bring their blanks. */
  public static Finding of(FindingCode code, Setting at, Object... message) {
    return new Finding(
        code, at.file(), at.node().mark(), Shown.oneLine(at.key()), at.shown(), message(message));
  }

  /** A key that a file gives twice, at its second place. */
  static Finding of(String file, Repeat repeat) {
    String key = Shown.oneLine(repeat.key());
    Place first = Place.of(file, repeat.first().line(), repeat.first().column());
    Phrase message = message(key, " is given twice, first in ", first, "; this value holds");
    return new Finding(FindingCode.REPEATED_KEY, file, repeat.mark(), key, "", message);
  }

  /** A message of pieces, of which texts may be anything. */
  static Phrase message(Object... pieces) {
    return Phrase.of(
        Arrays.stream(pieces)
            .map(piece -> piece instanceof String text ? plain(text) : piece)
            .toArray());
  }

  /** The line of it; 0 where it has none. */
  public int line() {
    return mark.line();
  }

  /** The place and the message. */
  public Notice notice() {
    return new Notice(Optional.of(Place.of(file, mark.line(), mark.column())), message);
  }

  /** What a file holds may be anything; a finding is one line. */
  private static String plain(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\p{Cf}]+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
  }
}
