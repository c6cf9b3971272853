package dev.vramcast.formats.write.train;

import dev.vramcast.formats.write.WrittenFile;
import dev.vramcast.formats.write.WrittenFile.Syntax;
import dev.vramcast.formats.write.YamlText;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a file in the order in which they are put. */
public final class OutputKeys {

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Puts a value under a key; a dot in the key begins a section. */
  public OutputKeys put(String path, @Nullable Object value) {
    String[] parts = path.split("\\.");
    Map<String, Object> section = values;
    for (int i = 0; i < parts.length - 1; i++) {
      section = section(section.computeIfAbsent(parts[i], name -> new LinkedHashMap<>()));
    }
    section.put(parts[parts.length - 1], value instanceof Double number ? number(number) : value);
    return this;
  }

  public Map<String, Object> values() {
    return Collections.unmodifiableMap(values);
  }

  public WrittenFile yaml(String name) {
    return new WrittenFile(name, Syntax.HASH, YamlText.yaml(values));
  }

  /** As {@link #yaml(String)}, under a comment with the command that takes it. */
  public WrittenFile yaml(String name, String command) {
    return new WrittenFile(
        name, Syntax.HASH, "# " + command + " " + name + "\n" + YamlText.yaml(values));
  }

  WrittenFile json(String name) {
    return new WrittenFile(name, Syntax.NONE, YamlText.json(values));
  }

  /** Without an exponent, which YAML 1.1 takes for text; whole numbers without a fraction. */
  public static BigDecimal number(double number) {
    BigDecimal exact = BigDecimal.valueOf(number).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }

  @SuppressWarnings("unchecked") // only ever called on sections made here
  private static Map<String, Object> section(Object map) {
    return (Map<String, Object>) map;
  }
}
