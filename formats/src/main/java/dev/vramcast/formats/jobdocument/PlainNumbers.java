package dev.vramcast.formats.jobdocument;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the exact numbers of a model's configuration into the types a JSON reader would give. */
final class PlainNumbers {

  private PlainNumbers() {}

  static @Nullable Object of(@Nullable Object value, Place place) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put(key, of(item, place)));
      return copy;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(item -> of(item, place)).toList();
    }
    return value instanceof BigDecimal number ? number(number, place) : value;
  }

  private static Object number(BigDecimal number, Place place) {
    if (number.scale() != 0 || number.precision() > 18) {
      return finite(number, place);
    }
    long whole = number.longValueExact();
    // Two branches, as a conditional expression would widen both to long.
    if (whole == (int) whole) {
      return (int) whole;
    }
    return whole;
  }

  private static double finite(BigDecimal number, Place place) {
    double value = number.doubleValue();
    if (!Double.isFinite(value)) {
      throw InputError.of(Shown.oneLine(number.toString()), " is too large for a number")
          .at(place)
          .refusal();
    }
    return value;
  }
}
