package dev.vramcast.answers.record;

import dev.vramcast.answers.record.Shape.OrAbsent;
import dev.vramcast.answers.record.Shape.OrNull;
import dev.vramcast.answers.record.Shape.Whole;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A component of a record.
 *
 * @param name as programs read it: {@code neededBytes} is {@code needed_bytes}; the underscore
 *     behind a word that Java keeps for itself, as in {@code class_}, goes
 */
public record Key(RecordComponent component, String name, Shape shape) {

  static Key of(RecordComponent component) {
    component.getAccessor().setAccessible(true);
    return new Key(component, name(component.getName()), Shapes.of(component.getGenericType()));
  }

  /** What it means; empty where neither it nor its type says so. */
  public Optional<String> description() {
    return Optional.ofNullable(component.getAnnotation(Describes.class))
        .map(Describes::value)
        .or(
            () ->
                whole()
                    .filter(it -> it.kinds().size() == 1)
                    .flatMap(it -> it.kinds().get(0).description()));
  }

  /** The record that it holds, if it does. */
  public Optional<Whole> whole() {
    return inner() instanceof Whole whole ? Optional.of(whole) : Optional.empty();
  }

  /** Whether the keys of the record that it holds stand in its place. */
  public boolean isInline() {
    return whole().filter(Whole::isInline).isPresent();
  }

  /** Where the text of {@code --explain} has it, if that is elsewhere. */
  public Optional<String> shownAs() {
    return Optional.ofNullable(component.getAnnotation(ShownAs.class)).map(ShownAs::value);
  }

  /** How what it holds is told where it holds something. */
  Shape inner() {
    if (shape instanceof OrNull maybe) {
      return maybe.shape();
    }
    return shape instanceof OrAbsent maybe ? maybe.shape() : shape;
  }

  void put(Object record, Map<String, @Nullable Object> json) {
    Object value = get(record);
    if (inner() instanceof Whole whole && whole.isInline()) {
      putInline(whole, value, json);
    } else if (!(value instanceof Extra<?> extra) || extra.value().isPresent()) {
      json.put(name, shape.json(value));
    }
  }

  private static void putInline(Whole whole, Object value, Map<String, @Nullable Object> json) {
    Object inner = value;
    if (value instanceof Optional<?> some) {
      if (some.isEmpty()) {
        whole.putNulls(json);
        return;
      }
      inner = some.get();
    } else if (value instanceof Extra<?> extra) {
      if (extra.value().isEmpty()) {
        return;
      }
      inner = extra.value().get();
    }
    whole.put(inner, json);
  }

  void putNull(Map<String, @Nullable Object> json) {
    if (inner() instanceof Whole whole && whole.isInline()) {
      whole.putNulls(json);
    } else {
      json.put(name, null);
    }
  }

  Object get(Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("component " + name + " cannot be read", e);
    }
  }

  private static String name(String component) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < component.length(); i++) {
      char letter = component.charAt(i);
      if (Character.isUpperCase(letter)) {
        name.append('_').append(Character.toLowerCase(letter));
      } else {
        name.append(letter);
      }
    }
    boolean kept = name.charAt(name.length() - 1) == '_';
    return kept ? name.substring(0, name.length() - 1) : name.toString();
  }
}
