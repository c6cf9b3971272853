package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.Shown;
import java.util.Locale;

/**
 * One thing that a framework's code does, and where.
 *
 * @param name of the fact, e.g. {@code attention.expands_heads}
 * @param value e.g. {@code true}
 * @param place the framework and the file, with the function where one decides
 */
public record CodeFact(String name, Object value, String place) {

  /** The value for people. */
  public String text() {
    boolean bare = value instanceof Enum<?> && !(value instanceof Named);
    return bare ? value.toString().toLowerCase(Locale.ROOT).replace('_', '-') : Shown.value(value);
  }
}
