package dev.vramcast.answers.plan;

import dev.vramcast.answers.text.TimeText;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.plan.search.Confidence;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.setting.Choices;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options about what a plan may choose, and within which limits. */
public final class PlanFlags {

  public static final String METHODS = "--methods";
  public static final String BUDGET = "--budget";
  public static final String DEADLINE = "--deadline";
  public static final String BY = "--by";
  public static final String CONFIDENCE = "--confidence";

  /** Ranks of adapters. */
  public static final String LORA_RANKS = "--lora-ranks";

  /** Tokens of a sequence, any of several. */
  public static final String SEQUENCE_LENGTHS = "--sequence-lengths";

  /** Tokens of a sequence. */
  public static final String MIN_SEQUENCE_LENGTH = "--min-sequence-length";

  /** Sequences of an optimizer step. */
  public static final String MIN_GLOBAL_BATCH = "--min-global-batch";

  private static final int LONGEST_SEQUENCE = 100_000_000;
  private static final int HIGHEST_RANK = 65_536;
  private static final int MAX_DIGITS = 9;
  private static final Duration LATEST = Duration.ofDays(7_000_000);

  private static final String AMOUNT = "(\\d{1,9}(?:\\.\\d{1,4})?)";
  private static final String DOLLAR = "(?:us\\$|\\$|us ?dollars?|dollars?|usd|bucks)";
  private static final Pattern DOLLARS =
      Pattern.compile(
          "(?:" + DOLLAR + "\\s*)?" + AMOUNT + "(?:\\s*" + DOLLAR + ")?", Pattern.CASE_INSENSITIVE);
  private static final Pattern OTHER_MONEY =
      Pattern.compile(
          "(?:(?:[a-z]{2,12}|\\p{Sc})\\s*)?" + AMOUNT + "(?:\\s*(?:[a-z]{2,12}|\\p{Sc}))?",
          Pattern.CASE_INSENSITIVE);

  private PlanFlags() {}

  /** What may be chosen. */
  public static Choices choices(
      Optional<String> methods,
      Optional<String> ranks,
      Optional<String> lengths,
      Optional<String> sequences) {
    return new Choices(
        methods.map(PlanFlags::methods).orElse(List.of()),
        ranks.map(text -> wholes(LORA_RANKS, text, HIGHEST_RANK)).orElse(List.of()),
        lengths.map(text -> wholes(SEQUENCE_LENGTHS, text, LONGEST_SEQUENCE)).orElse(List.of()),
        whole(MIN_GLOBAL_BATCH, sequences, Choices.MOST_SEQUENCES),
        OptionalInt.empty());
  }

  /** The least length of a sequence. */
  public static OptionalInt length(Optional<String> text) {
    return whole(MIN_SEQUENCE_LENGTH, text, LONGEST_SEQUENCE);
  }

  /** What a run may cost and how long it may take. */
  public static Limits limits(
      Optional<String> budget, Optional<String> deadline, Optional<String> confidence) {
    OptionalDouble dollars =
        budget.isPresent() ? OptionalDouble.of(dollars(budget.get())) : OptionalDouble.empty();
    Confidence sure =
        confidence
            .map(text -> named(CONFIDENCE, text, Confidence.values()))
            .orElse(Confidence.HIGH);
    return new Limits(dollars, deadline.map(PlanFlags::time), sure);
  }

  /** What is best. */
  public static Ranking ranking(Optional<String> text) {
    return text.map(given -> named(BY, given, Ranking.values())).orElse(Ranking.BOTH);
  }

  private static List<Method> methods(String text) {
    List<Method> methods =
        Arrays.stream(text.split(",", -1))
            .map(word -> named(METHODS, word.strip(), Method.values()))
            .toList();
    if (methods.stream().distinct().count() < methods.size()) {
      throw InputError.about(Subject.option(METHODS))
          .is(text)
          .and(", with one of them twice")
          .refusal();
    }
    return methods;
  }

  private static <T extends Enum<T> & Named> T named(String option, String text, T[] values) {
    List<String> labels = labels(values);
    return Arrays.stream(values)
        .filter(value -> value.label().equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                InputError.about(Subject.option(option))
                    .is(text)
                    .allowed(String.join(", ", labels))
                    .near(text, labels)
                    .refusal());
  }

  /** The words for choices. */
  static List<String> labels(Named... values) {
    return Arrays.stream(values).map(Named::label).toList();
  }

  private static double dollars(String text) {
    Matcher match = DOLLARS.matcher(text.strip());
    double dollars = match.matches() ? new BigDecimal(match.group(1)).doubleValue() : 0;
    if (dollars > 0) {
      return dollars;
    }
    InputError error =
        InputError.about(Subject.option(BUDGET))
            .is(text)
            .allowed("US dollars above 0 and below 1000000000, such as 50");
    boolean money = !match.matches() && OTHER_MONEY.matcher(text.strip()).matches();
    throw (money ? error.hint("prices are in US dollars, and no rates are known") : error)
        .refusal();
  }

  private static Duration time(String text) {
    return TimeText.read(text)
        .filter(time -> time.compareTo(Duration.ZERO) > 0 && time.compareTo(LATEST) < 0)
        .orElseThrow(
            () ->
                InputError.about(Subject.option(DEADLINE))
                    .is(text)
                    .allowed(
                        "a time above 0 and below 1000000w, with ", TimeText.UNITS, ", such as 12h")
                    .refusal());
  }

  private static List<Integer> wholes(String option, String text, int most) {
    List<Integer> numbers =
        Arrays.stream(text.split(",", -1))
            .map(word -> whole(option, Optional.of(word), most).orElseThrow())
            .toList();
    if (numbers.stream().distinct().count() < numbers.size()) {
      throw InputError.about(Subject.option(option))
          .is(text)
          .and(", with one of them twice")
          .refusal();
    }
    return numbers;
  }

  private static OptionalInt whole(String option, Optional<String> text, int most) {
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    String digits = text.get().strip();
    if (digits.matches("\\d{1," + MAX_DIGITS + "}")) {
      int number = Integer.parseInt(digits);
      if (number >= 1 && number <= most) {
        return OptionalInt.of(number);
      }
    }
    throw InputError.about(Subject.option(option))
        .is(text.get())
        .allowed("a whole number from 1 to ", most)
        .refusal();
  }

  /** Refuses what both a flag and an option of the plan decide. */
  static InputException twice(String option, JobKey key) {
    return InputError.about(Subject.option(option))
        .kind(ErrorKind.CONTRADICTION)
        .and(" and ", key, " both choose the same")
        .allowed("one of them")
        .refusal();
  }
}
