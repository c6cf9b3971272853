package dev.vramcast.formats.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tables of the product: lines of cells between tabs, with comments behind {@code #}. */
public final class Table {

  private static final String COMMENT = "#";

  private Table() {}

  /** The rows of a resource beside a class, by their first cell. */
  public static Map<String, List<String>> rows(Class<?> beside, String resource) {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource + " beside " + beside.getName());
      }
      Map<String, List<String>> rows = new LinkedHashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith(COMMENT))
          .map(line -> List.of(line.split("\t", -1)))
          .forEach(cells -> rows.put(cells.get(0), cells));
      return Collections.unmodifiableMap(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
