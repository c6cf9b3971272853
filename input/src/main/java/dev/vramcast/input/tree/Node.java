package dev.vramcast.input.tree;

import dev.vramcast.core.input.Place;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A parsed file with the place of each value. */
public sealed interface Node {

  /** Where the key begins, or the value where there is no key. */
  Mark mark();

  /** The line of it. */
  default int line() {
    return mark().line();
  }

  /** Its place in a text of a name. */
  default Place.Line place(String source) {
    return Place.of(source, mark().line(), mark().column());
  }

  /** The same with all of it at other places. */
  Node at(UnaryOperator<Mark> places);

  /** The value without lines; null where the file says that there is none. */
  @Nullable Object value();

  /** Whether the file says that there is none. */
  default boolean isNull() {
    return this instanceof Scalar && value() == null;
  }

  /** Text, an exact number, a boolean or nothing. */
  record Scalar(@Nullable Object value, Mark mark) implements Node {

    /** What no file holds, taken to stand at a mark; a whole number is exact as any other. */
    public static Scalar of(Object value, Mark mark) {
      return new Scalar(value instanceof Integer whole ? BigDecimal.valueOf(whole) : value, mark);
    }

    @Override
    public Scalar at(UnaryOperator<Mark> places) {
      return new Scalar(value, places.apply(mark));
    }
  }

  /** Values in order. */
  record Items(List<Node> items, Mark mark) implements Node {

    @Override
    public Items at(UnaryOperator<Mark> places) {
      return new Items(items.stream().map(item -> item.at(places)).toList(), places.apply(mark));
    }

    @Override
    public Object value() {
      List<Object> values = new ArrayList<>();
      items.forEach(item -> values.add(item.value()));
      return Collections.unmodifiableList(values);
    }
  }

  /** Values under keys. */
  record Fields(Map<String, Node> fields, Mark mark) implements Node {

    @Override
    public Fields at(UnaryOperator<Mark> places) {
      Map<String, Node> all = new LinkedHashMap<>();
      fields.forEach((key, value) -> all.put(key, value.at(places)));
      return new Fields(all, places.apply(mark));
    }

    /** The value under a path of keys with dots between them; nothing when a section is missing. */
    public Optional<Node> at(String path) {
      Node whole = fields.get(path);
      int dot = path.indexOf('.');
      if (whole != null || dot < 0) {
        return Optional.ofNullable(whole);
      }
      return fields.get(path.substring(0, dot)) instanceof Fields section
          ? section.at(path.substring(dot + 1))
          : Optional.empty();
    }

    @Override
    public Object value() {
      Map<String, Object> values = new LinkedHashMap<>();
      fields.forEach((name, field) -> values.put(name, field.value()));
      return Collections.unmodifiableMap(values);
    }
  }
}
