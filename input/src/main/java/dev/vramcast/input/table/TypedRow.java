package dev.vramcast.input.table;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Named;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A row whose cells are read as what their columns hold. Each method throws an {@link
 * InputException} that names file, line, column, value and what is allowed.
 */
public record TypedRow(Row row) {

  private static final Pattern BLANKS = Pattern.compile(" +");
  private static final Pattern WHOLE = Pattern.compile("\\d{1,15}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,6})?");

  /** What a cell has to hold. */
  public String text(String column) {
    return row.text(column).orElseThrow(() -> row.failure(column, "a text"));
  }

  /** What a cell may hold. */
  public Optional<String> optional(String column) {
    return row.text(column);
  }

  /** Words between blanks; none in an empty cell. */
  public Set<String> words(String column) {
    return row.text(column).map(text -> Set.of(BLANKS.split(text))).orElse(Set.of());
  }

  /** {@code y} or {@code n}. */
  public boolean yes(String column) {
    return switch (row.text(column).orElse("")) {
      case "y" -> true;
      case "n" -> false;
      default -> throw row.failure(column, "y or n");
    };
  }

  /** Digits; empty in an empty cell. */
  public OptionalLong whole(String column) {
    return matched(column, WHOLE, "a whole number without a sign")
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  /** Digits in a cell that may not be empty. */
  public long count(String column) {
    return whole(column).orElseThrow(() -> row.failure(column, "a whole number"));
  }

  /** A decimal number above 0; empty in an empty cell. */
  public OptionalDouble number(String column) {
    String expected = "a decimal number above 0, or nothing";
    Optional<Double> number = matched(column, NUMBER, expected).map(Double::parseDouble);
    if (number.filter(value -> value == 0).isPresent()) {
      throw row.failure(column, expected);
    }
    return number.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /** One of the values of an enum, by its label. */
  public <E extends Enum<E> & Named> E choice(String column, Class<E> type) {
    String name = text(column);
    for (E value : type.getEnumConstants()) {
      if (value.label().equals(name)) {
        return value;
      }
    }
    Map<String, E> byLabel = new LinkedHashMap<>();
    Arrays.stream(type.getEnumConstants()).forEach(value -> byLabel.put(value.label(), value));
    return one(column, byLabel);
  }

  /** One of some values by its name. */
  public <V> V one(String column, Map<String, V> byName) {
    String name = text(column);
    V value = byName.get(name);
    if (value == null) {
      throw row.error(column, String.join(", ", byName.keySet()))
          .near(name, byName.keySet())
          .refusal();
    }
    return value;
  }

  /** As {@link Row#failure}. */
  public InputException failure(String column, String expected) {
    return row.failure(column, expected);
  }

  /** Refuses a second row with the same value in a column. */
  public static void refuseTwins(List<TypedRow> rows, String column) {
    Set<String> seen = new HashSet<>();
    for (TypedRow row : rows) {
      if (!seen.add(row.text(column))) {
        throw row.failure(column, "a name that no row above has");
      }
    }
  }

  private Optional<String> matched(String column, Pattern pattern, String expected) {
    Optional<String> text = row.text(column);
    if (text.filter(each -> !pattern.matcher(each).matches()).isPresent()) {
      throw row.failure(column, expected);
    }
    return text;
  }
}
