package dev.vramcast.catalog.gpu;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cards whose model numbers begin alike, as people name them together: {@code rtx 40}, {@code
 * 40xx}, {@code gtx 16 series}, {@code rx 7000 series}.
 *
 * @param front the digits that their numbers of four begin with, one or two
 * @param words what else is said of them
 */
record GpuSeries(String front, Set<String> words) {

  private static final String SERIES = "series";

  private static final Pattern TWO = Pattern.compile("([1-9]\\d)(?:xx)?|([1-9])xxx");

  /** Said of a series alone, since cards are called {@code RTX 4000} too. */
  private static final Pattern THOUSANDS = Pattern.compile("([1-9])000");

  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{3}");

  /** Lines of cards for workstations, whose numbers are of another order. */
  private static final Set<String> OTHER_LINES = Set.of("ada", "pro");

  /** The series that a name of these words means. */
  static Optional<GpuSeries> of(Set<String> words) {
    Set<String> rest = new LinkedHashSet<>(words);
    boolean said = rest.remove(SERIES);
    for (String word : words) {
      Matcher thousands = THOUSANDS.matcher(word);
      Matcher two = TWO.matcher(word);
      if (two.matches() || said && thousands.matches()) {
        rest.remove(word);
        Matcher found = two.matches() ? two : thousands;
        String front = found.group(1) == null ? found.group(2) : found.group(1);
        return Optional.of(new GpuSeries(front, rest));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a card is one of them.
   *
   * @param required words without which a name does not mean it
   */
  boolean has(Set<String> required) {
    return required.stream().noneMatch(OTHER_LINES::contains)
        && required.stream()
            .anyMatch(
                word ->
                    NUMBER.matcher(word).matches()
                        && word.startsWith(front)
                        && !word.endsWith("000"));
  }
}
