package dev.vramcast.core.job.value;

import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.units.DataType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a key of the job document may hold. */
public sealed interface ValueKind
    permits ValueKind.Whole,
        ValueKind.Decimal,
        ValueKind.YesOrNo,
        ValueKind.Choice,
        ValueKind.Choices,
        ValueKind.Words,
        ValueKind.Text,
        ValueKind.Lengths,
        ListOf,
        Month,
        Roles,
        TextOrObject,
        VersionText {

  /** The typed value, or nothing when the raw one is not allowed. */
  Optional<Object> read(Object raw);

  /** Reads what stands behind a command line flag. */
  default Optional<Object> parse(String text) {
    return read(text);
  }

  /** What is allowed, in words, e.g. {@code a whole number from 1 to 65536}. */
  String allowed();

  /** What is allowed in place of a value that is not, with the limit that this one is over. */
  default String allowedFor(Object raw) {
    return allowed();
  }

  /** The words to choose from; empty when the value is free. */
  default List<String> words() {
    return List.of();
  }

  /** Whether the value is a list, which a flag takes with commas. */
  default boolean isList() {
    return false;
  }

  /** Whether the value, or one of its list, may be an object of any keys. */
  default boolean holdsObjects() {
    return false;
  }

  /** The value as a file holds it; {@link #read} takes it back. */
  default Object plain(Object value) {
    return value;
  }

  static ValueKind whole(int least, int most) {
    return new Whole(least, most);
  }

  static ValueKind number(double least, double most) {
    return new Decimal(least, most);
  }

  static ValueKind yesOrNo() {
    return new YesOrNo();
  }

  static Choice choice(Named... options) {
    return new Choice(options(options));
  }

  static Choice dataType(DataType... options) {
    Map<String, Object> byLabel = new LinkedHashMap<>();
    for (DataType option : options) {
      byLabel.put(option.label(), option);
    }
    return new Choice(byLabel);
  }

  static ValueKind choices(Named... options) {
    return new Choices(options(options));
  }

  /** One of some words, which stand for themselves. */
  static ValueKind word(String... options) {
    return new Choice(words(options));
  }

  /** A list of such words, without repetition. */
  static ValueKind wordList(String... options) {
    return new Choices(words(options));
  }

  static ValueKind words(int least) {
    return new Words(least);
  }

  static ValueKind text() {
    return new Text();
  }

  static ValueKind version() {
    return new VersionText();
  }

  static ValueKind lengths() {
    return new Lengths();
  }

  private static Map<String, Object> options(Named... options) {
    Map<String, Object> byLabel = new LinkedHashMap<>();
    Arrays.stream(options).forEach(option -> byLabel.put(option.label(), option));
    return byLabel;
  }

  private static Map<String, Object> words(String... options) {
    Map<String, Object> byLabel = new LinkedHashMap<>();
    Arrays.stream(options).forEach(option -> byLabel.put(option, option));
    return byLabel;
  }

  /** An {@code Integer} in a range. */
  record Whole(int least, int most) implements ValueKind {

    /** A number that may be as large counts tokens, which people say in k. */
    private static final int TOKENS = 100_000_000;

    @Override
    public Optional<Object> read(Object raw) {
      if (most >= TOKENS && RawValues.hasLetter(raw)) {
        return parse(String.valueOf(raw));
      }
      // 2.0 is whole too, as many a program writes it.
      return RawValues.decimal(raw)
          .filter(number -> RawValues.isBetween(number, least, most))
          .filter(number -> number.stripTrailingZeros().scale() <= 0)
          .map(BigDecimal::intValueExact);
    }

    @Override
    public Optional<Object> parse(String text) {
      return RawValues.wholeText(text, most >= TOKENS).flatMap(this::read);
    }

    @Override
    public String allowed() {
      return "a whole number from " + least + " to " + most;
    }
  }

  /** A {@code Double} in a range. */
  record Decimal(double least, double most) implements ValueKind {

    /** A number that may be as large counts something, such as tokens or steps. */
    private static final double COUNTS = 1e12;

    @Override
    public Optional<Object> read(Object raw) {
      if (RawValues.hasLetter(raw)) {
        return parse(String.valueOf(raw));
      }
      return RawValues.decimal(raw)
          .filter(number -> RawValues.isBetween(number, least, most))
          .map(BigDecimal::doubleValue);
    }

    @Override
    public Optional<Object> parse(String text) {
      return RawValues.decimalText(text, most >= COUNTS).flatMap(this::read);
    }

    @Override
    public String allowed() {
      return "a number from " + Shown.value(least) + " to " + Shown.value(most);
    }

    @Override
    public Object plain(Object value) {
      // Whole numbers are written without a fraction, so that a file reads as a user wrote it.
      double number = (Double) value;
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? (Object) (long) number
          : value;
    }
  }

  /** A {@code Boolean}. */
  record YesOrNo() implements ValueKind {

    @Override
    public Optional<Object> read(Object raw) {
      return raw instanceof Boolean ? Optional.of(raw) : Optional.empty();
    }

    @Override
    public Optional<Object> parse(String text) {
      return switch (text.strip().toLowerCase(Locale.ROOT)) {
        case "true", "yes", "on" -> Optional.of(true);
        case "false", "no", "off" -> Optional.of(false);
        default -> Optional.empty();
      };
    }

    @Override
    public String allowed() {
      return "true or false";
    }

    @Override
    public List<String> words() {
      return List.of("true", "false");
    }
  }

  /**
   * One of a list of words, in whatever case; the value is the enum constant behind the word. Of a
   * dtype PyTorch's name is taken too.
   */
  record Choice(Map<String, Object> options) implements ValueKind {

    public Choice {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** With a further word, which stands for what is known later. */
    public Choice and(Named word) {
      Map<String, Object> more = new LinkedHashMap<>(options);
      more.put(word.label(), word);
      return new Choice(more);
    }

    @Override
    public Optional<Object> read(Object raw) {
      return SpokenOption.find(options, raw);
    }

    @Override
    public Optional<Object> parse(String text) {
      return read(text.strip());
    }

    @Override
    public String allowed() {
      return String.join(", ", options.keySet());
    }

    @Override
    public List<String> words() {
      return List.copyOf(options.keySet());
    }

    @Override
    public Object plain(Object value) {
      return Shown.value(value);
    }
  }

  /** A list of such words, without repetition; the value is a {@code List} of enum constants. */
  record Choices(Map<String, Object> options) implements ValueKind {

    public Choices {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    @Override
    public Optional<Object> read(Object raw) {
      List<Object> values = new ArrayList<>();
      for (Object item : RawValues.items(raw)) {
        Object value = item instanceof String ? options.get(item) : null;
        if (value == null) {
          return Optional.empty();
        }
        if (!values.contains(value)) {
          values.add(value);
        }
      }
      return RawValues.isListOrWord(raw) ? Optional.of(List.copyOf(values)) : Optional.empty();
    }

    @Override
    public Optional<Object> parse(String text) {
      return read(RawValues.split(text));
    }

    @Override
    public boolean isList() {
      return true;
    }

    @Override
    public String allowed() {
      return "a list of " + String.join(", ", options.keySet());
    }

    @Override
    public String allowedFor(Object raw) {
      String limit = RawValues.isTooMany(raw) ? "at most " + RawValues.LONGEST_LIST + " of " : "";
      return "a list of " + limit + String.join(", ", options.keySet());
    }

    @Override
    public List<String> words() {
      return List.copyOf(options.keySet());
    }

    @Override
    public Object plain(Object value) {
      return ((List<?>) value).stream().map(Shown::value).toList();
    }
  }

  /** A list of free words, without repetition; the value is a {@code List} of strings. */
  record Words(int least) implements ValueKind {

    @Override
    public Optional<Object> read(Object raw) {
      List<?> items = RawValues.items(raw).stream().distinct().toList();
      boolean legal =
          RawValues.isListOrWord(raw)
              && items.size() >= least
              && items.stream().allMatch(RawValues::isWord);
      return legal ? Optional.of(List.copyOf(items)) : Optional.empty();
    }

    @Override
    public Optional<Object> parse(String text) {
      return read(RawValues.split(text));
    }

    @Override
    public boolean isList() {
      return true;
    }

    @Override
    public String allowed() {
      return "a name or a list of names";
    }

    @Override
    public String allowedFor(Object raw) {
      return RawValues.isTooMany(raw)
          ? "a list of at most " + RawValues.LONGEST_LIST + " names"
          : RawValues.within(RawValues.LONGEST_WORD, raw, allowed());
    }
  }

  /** A line of text. */
  record Text() implements ValueKind {

    @Override
    public Optional<Object> read(Object raw) {
      return RawValues.textOrNumber(raw).map(String::strip).map(Object.class::cast);
    }

    @Override
    public String allowed() {
      return "a line of text";
    }

    @Override
    public String allowedFor(Object raw) {
      return RawValues.within(RawValues.LONGEST_LINE, raw, allowed());
    }
  }

  /** A {@code LengthDistribution}, by quantiles or by the length of each example. */
  record Lengths() implements ValueKind {

    @Override
    public Optional<Object> read(Object raw) {
      return RawLengths.read(raw);
    }

    @Override
    public String allowed() {
      return "rising quantiles as p50=512,p95=2048,max=8192, or the length of each example";
    }

    @Override
    public Object plain(Object value) {
      return RawLengths.plain((LengthDistribution) value);
    }
  }
}
