package dev.vramcast.input.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A parsed file with the line of each value; 0 where there are no lines. */
public sealed interface Node {

  /** The line of the key, or of the value where there is no key. */
  int line();

  /** The value without lines; null where the file says that there is none. */
  @Nullable Object value();

  /** Text, an exact number, a boolean or nothing. */
  record Scalar(@Nullable Object value, int line) implements Node {}

  /** Values in order. */
  record Items(List<Node> items, int line) implements Node {

    @Override
    public Object value() {
      List<Object> values = new ArrayList<>();
      items.forEach(item -> values.add(item.value()));
      return Collections.unmodifiableList(values);
    }
  }

  /** Values under keys. */
  record Fields(Map<String, Node> fields, int line) implements Node {

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
