package dev.vramcast.core.job.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A {@code List} of numbers.
 *
 * @param item what each of them may be
 * @param fewest how many there are at least
 * @param most how many there are at most
 */
public record ListOf(ValueKind item, int fewest, int most) implements ValueKind {

  private static final Pattern SIZE = Pattern.compile("^(\\d{1,9}) ?[xX×] ?(\\d{1,9})$");

  public static ListOf wholes(int least, int greatest, int fewest, int most) {
    return new ListOf(ValueKind.whole(least, greatest), fewest, most);
  }

  public static ListOf numbers(double least, double greatest, int fewest, int most) {
    return new ListOf(ValueKind.number(least, greatest), fewest, most);
  }

  @Override
  public Optional<Object> read(Object raw) {
    if (raw instanceof String text && isSize(text)) {
      return parse(text);
    }
    return read(
        RawValues.items(raw),
        one -> one instanceof String word ? item.parse(word) : item.read(one));
  }

  @Override
  public Optional<Object> parse(String text) {
    List<String> words = isEmpty(text) ? List.of() : RawValues.split(apart(text));
    return read(words, word -> item.parse((String) word));
  }

  /** As a document writes a list without items. */
  private static boolean isEmpty(String text) {
    return text.strip().equals("[]");
  }

  /** Whether it is of two numbers, which are written as a size too: {@code 1024x768}. */
  public boolean isSize() {
    return fewest == 2 && most == 2;
  }

  private boolean isSize(String text) {
    return isSize() && SIZE.matcher(text).matches();
  }

  private String apart(String text) {
    return isSize(text) ? SIZE.matcher(text).replaceFirst("$1,$2") : text;
  }

  private Optional<Object> read(List<?> raw, Function<Object, Optional<Object>> reader) {
    if (raw.size() < fewest || raw.size() > most) {
      return Optional.empty();
    }
    List<Object> values = new ArrayList<>();
    for (Object one : raw) {
      Optional<Object> value = reader.apply(one);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(List.copyOf(values));
  }

  @Override
  public String allowed() {
    return fewest == most ? "a list of " + most + " " + each() : "a list of " + each();
  }

  private String each() {
    return item.allowed().replaceFirst("^a ", "").replaceFirst("number", "numbers");
  }

  @Override
  public String allowedFor(Object raw) {
    return fewest < most && !isLegal(raw)
        ? "a list of " + fewest + " to " + most + " " + each()
        : allowed();
  }

  private boolean isLegal(Object raw) {
    int size = RawValues.items(raw).size();
    return size >= fewest && size <= most;
  }

  /** The first of a list's numbers that is none, or out of range; empty where it is the list. */
  public Optional<Object> wrong(Object raw) {
    return isLegal(raw)
        ? RawValues.items(raw).stream()
            .filter(one -> item.read(one).isEmpty())
            .findFirst()
            .map(Object.class::cast)
        : Optional.empty();
  }

  @Override
  public boolean holdsObjects() {
    return item.holdsObjects();
  }

  @Override
  public Object plain(Object value) {
    return ((List<?>) value).stream().map(item::plain).toList();
  }
}
