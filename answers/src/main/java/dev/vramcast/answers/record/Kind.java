package dev.vramcast.answers.record;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The word that tells a record from others in its place: its public constant of text, as in {@code
 * String KIND = "fit"}. It is the first of its keys, which the constant's name gives. (Annotations,
 * of which one is read here, would take a tenth of a command's start.)
 */
public record Kind(String key, String value) {

  /** The key of answers. */
  static final String OF_ANSWERS = "kind";

  /** That of a record class; empty where it has none, as it is alone in its place. */
  static Optional<Kind> of(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(field -> field.getType() == String.class)
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .filter(field -> Modifier.isPublic(field.getModifiers()))
        .map(Kind::of)
        .findFirst();
  }

  private static Kind of(Field constant) {
    try {
      constant.setAccessible(true);
      return new Kind(
          constant.getName().toLowerCase(Locale.ROOT), String.valueOf(constant.get(null)));
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(constant + " cannot be read", e);
    }
  }
}
