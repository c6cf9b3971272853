package dev.vramcast.formats.snapshot;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the data of a pickle by the names that a snapshot has. A list that stands in many
 * places counts each time it is gone through, so that no loop of references is gone through for
 * ever.
 */
final class Walk {

  private static final long MOST_BYTES = 1L << 50;

  private final String source;
  private long left;

  Walk(String source, long most) {
    this.source = source;
    this.left = most;
  }

  /** The items of a list under a key; none where the key is missing. */
  List<?> list(Map<?, ?> from, String key) {
    Object value = from.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      left -= list.size();
      if (left < 0) {
        throw failure("more references than a snapshot has");
      }
      return list;
    }
    throw failure(key + " is no list");
  }

  Map<?, ?> map(@Nullable Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw failure(what + " is no dictionary");
  }

  /** A number of bytes. */
  long bytes(Map<?, ?> from, String key) {
    long value = number(from, key);
    if (value < 0 || value > MOST_BYTES) {
      throw failure(key + " is " + value + ", allowed: 0 to " + MOST_BYTES);
    }
    return value;
  }

  long number(Map<?, ?> from, String key) {
    if (from.get(key) instanceof Long number) {
      return number;
    }
    throw failure(key + " is missing or no whole number");
  }

  /** A text; empty where the key is missing. */
  String text(Map<?, ?> from, String key) {
    return from.get(key) instanceof String text ? text : "";
  }

  InputException failure(String what) {
    return InputError.of("not a memory snapshot of PyTorch: ", what)
        .kind(ErrorKind.MALFORMED)
        .at(Place.of(source))
        .refusal();
  }
}
