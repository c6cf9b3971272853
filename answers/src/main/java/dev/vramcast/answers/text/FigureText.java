package dev.vramcast.answers.text;

import dev.vramcast.answers.record.Shape;
import dev.vramcast.answers.record.Shape.Items;
import dev.vramcast.answers.record.Shape.OrNull;
import dev.vramcast.answers.record.Shape.Table;
import dev.vramcast.answers.record.Shape.Words;
import dev.vramcast.core.cost.Usd;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.market.UsdPerHour;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a component of an answer holds, for people, in the unit that its name and type say.
 *
 * @param name of the component, as programs read it
 */
record FigureText(String name) {

  private static final MathContext DIGITS = new MathContext(4, RoundingMode.HALF_UP);
  private static final String NONE = "-";
  private static final String EMPTY = "none";
  private static final String BETWEEN = ", ";

  /** Characters behind which a list breaks off. */
  private static final int LONG = 200;

  /** What the component holds in several records, as many as make no long text. */
  String all(Shape shape, List<Optional<Object>> values) {
    if (values.stream().allMatch(Optional::isEmpty)) {
      return shape instanceof Items ? EMPTY : NONE;
    }
    return some(
        values.stream().map(value -> value.map(it -> one(shape, it)).orElse(NONE)).toList());
  }

  private String one(Shape shape, Object value) {
    if (shape instanceof OrNull maybe) {
      return value instanceof Optional<?> some
          ? some.map(it -> one(maybe.shape(), it)).orElse(NONE)
          : plain(shape.json(value));
    }
    if (shape instanceof Items items) {
      return some(((List<?>) value).stream().map(item -> one(items.item(), item)).toList());
    }
    if (shape instanceof Table table) {
      return joined(
          ((Map<?, ?>) value)
              .entrySet().stream()
                  .map(each -> word(each.getKey()) + " " + one(table.value(), each.getValue()))
                  .toList());
    }
    if (value instanceof JobDocument job) {
      return joined(
          job.entries().values().stream()
              .map(entry -> entry.key().path() + " " + plain(entry.value()))
              .toList());
    }
    if (value instanceof Duration time) {
      return Spans.text(time);
    }
    if (value instanceof Usd usd) {
      return Money.exactDollars(usd);
    }
    return value instanceof UsdPerHour price
        ? "$" + price.amount().toPlainString()
        : plain(shape.json(value));
  }

  private String plain(@Nullable Object value) {
    if (value == null || value.equals("")) {
      return NONE;
    }
    if (value instanceof Long || value instanceof Integer) {
      long whole = ((Number) value).longValue();
      return name.endsWith("bytes") ? Gib.text(whole) : Gib.grouped(whole);
    }
    if (value instanceof BigDecimal decimal) {
      return digits(decimal);
    }
    if (value instanceof Double number) {
      return digits(BigDecimal.valueOf(number));
    }
    if (value instanceof Boolean flag) {
      return flag ? "yes" : "no";
    }
    return Shown.printable(Shown.value(value));
  }

  /** To four digits, and to the point where it has more before it. */
  private static String digits(BigDecimal number) {
    int before = number.precision() - number.scale();
    return before >= DIGITS.getPrecision()
        ? Gib.grouped(number.setScale(0, RoundingMode.HALF_UP).longValue())
        : number.round(DIGITS).stripTrailingZeros().toPlainString();
  }

  private static String word(Object key) {
    return Shown.printable(key instanceof Enum<?> word ? Words.word(word) : String.valueOf(key));
  }

  private static String some(List<String> texts) {
    int shown = 0;
    int length = 0;
    while (shown < texts.size() && length < LONG) {
      length += texts.get(shown++).length() + BETWEEN.length();
    }
    String rest = shown < texts.size() ? " and " + (texts.size() - shown) + " more" : "";
    return joined(texts.subList(0, shown)) + rest;
  }

  /** Sentences behind each other, anything else with commas. */
  private static String joined(List<String> texts) {
    StringBuilder all = new StringBuilder();
    for (String text : texts) {
      all.append(all.isEmpty() ? "" : all.charAt(all.length() - 1) == '.' ? " " : BETWEEN);
      all.append(text);
    }
    return all.isEmpty() ? EMPTY : all.toString();
  }
}
