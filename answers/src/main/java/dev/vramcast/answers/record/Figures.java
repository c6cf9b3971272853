package dev.vramcast.answers.record;

import dev.vramcast.answers.record.Figure.Group;
import dev.vramcast.answers.record.Shape.Items;
import dev.vramcast.answers.record.Shape.Plain;
import dev.vramcast.answers.record.Shape.Table;
import dev.vramcast.answers.record.Shape.Whole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Walks an answer component by component: those of a record together, then the records that it
 * holds. Records of a list are one group, in which a component has the values of all of them.
 */
public final class Figures {

  /** Behind the name of a list of records. */
  private static final String EACH = "[]";

  private final List<Group> groups = new ArrayList<>();

  private Figures() {}

  /** All components but those that are {@link ShownAs} something else. */
  public static List<Group> of(Record answer) {
    Figures walk = new Figures();
    walk.add("", Optional.empty(), List.of(Keys.of(answer.getClass())), List.of(answer));
    return walk.groups;
  }

  private void add(String path, Optional<String> meaning, List<Keys> kinds, List<?> records) {
    for (Keys kind : kinds) {
      List<?> ofKind = ofKind(kind, records);
      if (!ofKind.isEmpty()) {
        Walk walk = new Walk(path);
        walk.all(kind, ofKind);
        groups.add(new Group(path, meaning, walk.figures));
        walk.below.forEach(Runnable::run);
      }
    }
  }

  private static List<?> ofKind(Keys kind, List<?> records) {
    return records.stream().filter(kind.type()::isInstance).toList();
  }

  /** Over the components of records that stand in one place. */
  private final class Walk {

    private final String path;
    private final List<Figure> figures = new ArrayList<>();
    private final List<Runnable> below = new ArrayList<>();

    Walk(String path) {
      this.path = path;
    }

    void all(Keys kind, List<?> records) {
      kind.kind()
          .ifPresent(
              word ->
                  figures.add(
                      new Figure(
                          word.key(),
                          Plain.STRING,
                          kind.description(),
                          List.of(Optional.of(word.value())))));
      kind.all().stream()
          .filter(key -> key.shownAs().isEmpty())
          .forEach(key -> one(key, records.stream().map(each -> held(key.get(each))).toList()));
    }

    private void one(Key key, List<Optional<Object>> values) {
      List<Object> there = values.stream().flatMap(Optional::stream).toList();
      if (key.inner() instanceof Whole whole) {
        if (whole.isInline()) {
          inline(whole, there);
        } else {
          records(key, key.name(), whole, there);
        }
      } else if (key.inner() instanceof Items items && items.item() instanceof Whole whole) {
        records(key, key.name() + EACH, whole, there.stream().flatMap(Walk::items).toList());
      } else if (key.inner() instanceof Table table && table.value() instanceof Whole whole) {
        records(key, key.name() + EACH, whole, there.stream().flatMap(Walk::items).toList());
      } else {
        figures.add(new Figure(key.name(), key.inner(), key.description(), values));
      }
    }

    private void inline(Whole whole, List<?> records) {
      for (Keys kind : whole.kinds()) {
        List<?> ofKind = ofKind(kind, records);
        if (whole.kinds().size() == 1 || !ofKind.isEmpty()) {
          all(kind, ofKind);
        }
      }
    }

    /** Those that are held in one place, or that there are none. */
    private void records(Key key, String name, Whole whole, List<?> records) {
      if (records.isEmpty()) {
        figures.add(new Figure(key.name(), key.inner(), key.description(), List.of()));
        return;
      }
      String inner = path.isEmpty() ? name : path + "." + name;
      below.add(() -> add(inner, key.description(), whole.kinds(), records));
    }

    private static Stream<Object> items(Object many) {
      Collection<?> all = many instanceof Map<?, ?> map ? map.values() : (List<?>) many;
      return all.stream().map(each -> (Object) each);
    }
  }

  /** What a component holds, without what says that it may hold nothing. */
  private static Optional<Object> held(Object value) {
    if (value instanceof Extra<?> extra) {
      return extra.value().flatMap(Figures::held);
    }
    if (value instanceof Optional<?> some) {
      return some.flatMap(Figures::held);
    }
    if (value instanceof OptionalInt some) {
      return some.isPresent() ? Optional.of(some.getAsInt()) : Optional.empty();
    }
    if (value instanceof OptionalLong some) {
      return some.isPresent() ? Optional.of(some.getAsLong()) : Optional.empty();
    }
    if (value instanceof OptionalDouble some) {
      return some.isPresent() ? Optional.of(some.getAsDouble()) : Optional.empty();
    }
    return Optional.of(value);
  }
}
