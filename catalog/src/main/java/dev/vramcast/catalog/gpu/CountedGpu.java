package dev.vramcast.catalog.gpu;

import static java.util.Map.entry;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device and how many of it, in one of the ways in which people write that: {@code 8xH100},
 * {@code H100 x 8}, {@code A100-80GB:8}.
 *
 * @param name the text without the count
 * @param count how many; empty when the text does not say
 */
record CountedGpu(String name, OptionalInt count) {

  static final int MAX_COUNT = 1 << 20;

  private static final Pattern COUNT_BEHIND = Pattern.compile("(.+?)\\s*[:*]\\s*(\\d+)");

  /** A sign that a count follows, and none does. */
  private static final Pattern COUNT_LEFT_OUT = Pattern.compile(".*[a-zA-Z0-9].*[:*]\\s*");

  /** An X behind these is none of a name, as that of RTX, XTX or Max is. */
  private static final String BEFORE_TIMES = "\\d|\\d[a-z]|gb|sxm|pcie|nvl|ti|super|ada";

  /**
   * The X stands by itself, or between a name and a number without blanks: that of {@code MI300X
   * 192} is the name's.
   */
  private static final Pattern TIMES_BEHIND =
      Pattern.compile(
          "(.+?)(?:\\s+x\\s*|(?<=" + BEFORE_TIMES + ")x)(\\d+)", Pattern.CASE_INSENSITIVE);

  /** What is said before a count, and is none of a name. */
  private static final String FILLER = "(?:(?:my|our|the|an?|with)\\s+)*";

  /** The X of an XT or XTX is none between a count and a name, nor are those of 40xx. */
  private static final Pattern COUNT_BEFORE =
      Pattern.compile(
          FILLER + "(\\d+)\\s*[xX*]\\s*(?!(?:[tT](?:[xX]\\d*)?|[xX])\\b)([A-Za-z].*|\\d{4,}.*)");

  /** {@code 8 H100}, {@code 2 3090}: what follows begins as names of cards do, unlike 24 GB. */
  private static final Pattern COUNT_AND_BLANK =
      Pattern.compile(
          FILLER
              + "(\\d{1,3})\\s+((?:[a-z]{1,3}\\d|\\d{4}(?!\\d)"
              + "|(?:rtx|gtx|nvidia|geforce|tesla|quadro|titan|amd"
              + "|instinct|radeon|gaudi)\\b).*)",
          Pattern.CASE_INSENSITIVE);

  private static final Map<String, Integer> WORDS =
      Map.ofEntries(
          entry("one", 1),
          entry("single", 1),
          entry("two", 2),
          entry("dual", 2),
          entry("three", 3),
          entry("four", 4),
          entry("quad", 4),
          entry("five", 5),
          entry("six", 6),
          entry("seven", 7),
          entry("eight", 8));

  /** The end of {@code RTX 4090s}, which is no part of the name, as the S of L40S is. */
  private static final String PLURAL = "(?<=" + BEFORE_TIMES + ")(?<!l40)s";

  /** At the end of the name, or before a size as in {@code V100s 32GB}. */
  private static final Pattern PLURAL_BEHIND =
      Pattern.compile(PLURAL + "(?=$|\\s+(?:with\\s+)?\\d+\\s*gi?b?$)", Pattern.CASE_INSENSITIVE);

  private static final Pattern COUNT_IN_WORDS =
      Pattern.compile(
          FILLER
              + "("
              + String.join("|", WORDS.keySet())
              + ")\\s+(?:x\\s+)?(.*?[a-z0-9])"
              + ("(?:" + PLURAL + ")?"),
          Pattern.CASE_INSENSITIVE);

  /**
   * Takes the count off a text.
   *
   * @throws InputException when it is out of range or left out behind its sign
   */
  static CountedGpu of(String text) {
    if (COUNT_LEFT_OUT.matcher(text).matches()) {
      throw refused(text);
    }
    Matcher said = COUNT_IN_WORDS.matcher(text);
    if (said.matches()) {
      Integer count = WORDS.get(said.group(1).toLowerCase(Locale.ROOT));
      return new CountedGpu(said.group(2), OptionalInt.of(Objects.requireNonNull(count)));
    }
    Matcher behind = COUNT_BEHIND.matcher(text);
    if (behind.matches()) {
      return new CountedGpu(behind.group(1), count(text, behind.group(2)));
    }
    for (Pattern counted : List.of(COUNT_BEFORE, COUNT_AND_BLANK)) {
      Matcher before = counted.matcher(text);
      if (before.matches()) {
        String name = PLURAL_BEHIND.matcher(before.group(2)).replaceAll("");
        return new CountedGpu(name, count(text, before.group(1)));
      }
    }
    Matcher times = TIMES_BEHIND.matcher(text);
    if (times.matches()) {
      return new CountedGpu(times.group(1), count(text, times.group(2)));
    }
    return new CountedGpu(text, OptionalInt.empty());
  }

  private static OptionalInt count(String text, String digits) {
    int count = digits.length() > 9 ? -1 : Integer.parseInt(digits);
    if (count < 1 || count > MAX_COUNT) {
      throw refused(text);
    }
    return OptionalInt.of(count);
  }

  private static InputException refused(String text) {
    return InputError.about(JobKey.GPU)
        .is(text)
        .allowed("a name with a count from 1 to ", MAX_COUNT, ", such as H100:8")
        .refusal();
  }
}
