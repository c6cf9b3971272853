package dev.vramcast.answers.schema;

import dev.vramcast.answers.record.Key;
import dev.vramcast.answers.record.Keys;
import dev.vramcast.answers.record.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records by the names that schemas and other languages give them: those of their classes, with the
 * class around them before, without the word Record.
 *
 * @param all of some answers and in them
 */
public record RecordNames(Map<String, Keys> all) {

  private static final String RECORD = "Record";

  static RecordNames of(List<Keys> answers) {
    Map<String, Keys> all = new TreeMap<>();
    answers.forEach(answer -> add(answer, all));
    return new RecordNames(all);
  }

  /** The name of a record. */
  public static String name(Keys keys) {
    StringBuilder name = new StringBuilder();
    for (Class<?> type = keys.type(); type != null; type = type.getEnclosingClass()) {
      name.insert(0, type.getSimpleName().replace(RECORD, ""));
    }
    return name.toString();
  }

  private static void add(Keys keys, Map<String, Keys> all) {
    Keys other = all.putIfAbsent(name(keys), keys);
    if (other == null) {
      keys.all().stream().map(Key::shape).forEach(shape -> add(shape, all));
    } else if (other.type() != keys.type()) {
      throw new IllegalStateException(other.type() + " and " + keys.type() + " have one name");
    }
  }

  private static void add(Shape shape, Map<String, Keys> all) {
    if (shape instanceof Shape.Items items) {
      add(items.item(), all);
    } else if (shape instanceof Shape.Table table) {
      add(table.value(), all);
    } else if (shape instanceof Shape.OrNull maybe) {
      add(maybe.shape(), all);
    } else if (shape instanceof Shape.OrAbsent maybe) {
      add(maybe.shape(), all);
    } else if (shape instanceof Shape.Whole whole) {
      whole.kinds().forEach(kind -> add(kind, all));
    }
  }
}
