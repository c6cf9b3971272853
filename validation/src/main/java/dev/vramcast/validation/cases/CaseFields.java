package dev.vramcast.validation.cases;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The fields of a case's object; unknown ones are left alone.
 *
 * @param line that the object is in
 * @param prefix of the object's keys in messages, e.g. {@code measured.}
 */
record CaseFields(CaseLine line, String prefix, Map<String, Object> values) {

  private static final double LARGEST = 0x1p62;

  String text(String key) {
    Object value = values.get(key);
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw unfit(key, "a text");
  }

  String text(String key, String fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof String text) {
      return text;
    }
    throw unfit(key, "a text");
  }

  CaseFields object(String key) {
    if (values.get(key) instanceof Map<?, ?> map) {
      return new CaseFields(line, prefix + key + ".", strings(map));
    }
    throw unfit(key, "an object");
  }

  OptionalLong whole(String key) {
    if (values.get(key) == null) {
      return OptionalLong.empty();
    }
    if (values.get(key) instanceof Number number) {
      double value = number.doubleValue();
      if (value >= 1 && value <= LARGEST && value == Math.rint(value)) {
        return OptionalLong.of(number.longValue());
      }
    }
    throw unfit(key, "a whole number above 0");
  }

  long needed(String key) {
    return whole(key).orElseThrow(() -> unfit(key, "a whole number above 0"));
  }

  /** Sizes of dimensions, none of a scalar. */
  List<Long> shape(String key) {
    List<Long> sizes = new ArrayList<>();
    for (Object size : list(key)) {
      if (!(size instanceof Number number) || number.longValue() < 0) {
        throw unfit(key, "a list of whole numbers");
      }
      sizes.add(number.longValue());
    }
    return sizes;
  }

  /** Texts in a list; empty when absent. */
  List<String> texts(String key) {
    return values.get(key) == null ? List.of() : list(key).stream().map(String::valueOf).toList();
  }

  private List<?> list(String key) {
    if (values.get(key) instanceof List<?> list) {
      return list;
    }
    throw unfit(key, "a list");
  }

  OptionalDouble aboveZero(String key) {
    if (values.get(key) == null) {
      return OptionalDouble.empty();
    }
    if (values.get(key) instanceof Number number) {
      double value = number.doubleValue();
      if (value > 0 && value <= LARGEST) {
        return OptionalDouble.of(value);
      }
    }
    throw unfit(key, "a number above 0");
  }

  /** Whole numbers by name; empty when absent. */
  Map<String, Long> wholes(String key) {
    if (values.get(key) == null) {
      return Map.of();
    }
    CaseFields fields = object(key);
    Map<String, Long> result = new LinkedHashMap<>();
    for (String name : fields.values.keySet()) {
      fields.whole(name).ifPresent(value -> result.put(name, value));
    }
    return result;
  }

  <T extends Named> T choice(String key, T[] options, T fallback) {
    return values.get(key) == null ? fallback : choice(key, options);
  }

  <T extends Named> T choice(String key, T[] options) {
    List<String> labels = Arrays.stream(options).map(Named::label).toList();
    Optional<String> near = Optional.empty();
    if (values.get(key) instanceof String text) {
      if (labels.contains(text)) {
        return options[labels.indexOf(text)];
      }
      near = NearestName.of(Shown.oneLine(text), labels);
    }
    throw unfit(key, "one of " + String.join(", ", labels), near);
  }

  private InputException unfit(String key, String expected) {
    return unfit(key, expected, Optional.empty());
  }

  private InputException unfit(String key, String expected, Optional<String> near) {
    Object value = values.get(key);
    InputError about = InputError.about(new Subject.Item(prefix + key)).at(line.at(prefix + key));
    return (value == null ? about.and(" is missing") : about.is(value))
        .allowed(expected)
        .nearest(near)
        .refusal();
  }

  @SuppressWarnings("unchecked") // parsed JSON has string keys only
  private static Map<String, Object> strings(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
