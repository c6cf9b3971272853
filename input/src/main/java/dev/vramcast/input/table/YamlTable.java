package dev.vramcast.input.table;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads a table that is written as YAML: a list of entries with plain values, under one key.
 * Aliases and tags are refused, so nothing can multiply and nothing is constructed.
 */
public final class YamlTable {

  private static final int MAX_DEPTH = 10;
  private static final int MAX_CELL = 1 << 16;
  private static final YAMLFactory FACTORY =
      YAMLFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_CELL)
                  .build())
          .build();

  private final String source;
  private final String key;
  private final JsonParser parser;

  private YamlTable(String source, String key, JsonParser parser) {
    this.source = source;
    this.key = key;
    this.parser = parser;
  }

  /**
   * The table in a text.
   *
   * @param key under which the list stands
   * @param source names the text in messages
   */
  public static Table read(String source, String text, String key) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return new YamlTable(source, key, parser).table();
    } catch (JacksonException e) {
      String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      throw InputError.of("not valid YAML: ", Shown.oneLine(message))
          .kind(ErrorKind.MALFORMED)
          .at(place(source, e.getLocation()))
          .refusal(e);
    }
  }

  private Table table() {
    expect(parser.nextToken() == JsonToken.START_OBJECT, "the key '" + key + "' with a list");
    expect(parser.nextToken() == JsonToken.PROPERTY_NAME, "the key '" + key + "' with a list");
    expect(parser.currentName().equals(key), "the key '" + key + "'");
    expect(parser.nextToken() == JsonToken.START_ARRAY, "a list");
    Map<String, Cell> columns = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(rows.size() < Table.MAX_ROWS, "at most " + Table.MAX_ROWS + " entries");
      Map<String, Cell> keys = new LinkedHashMap<>();
      Row row = row(keys);
      keys.forEach(columns::putIfAbsent);
      rows.add(row);
    }
    expect(parser.nextToken() == JsonToken.END_OBJECT, "no key beside '" + key + "'");
    expect(parser.nextToken() == null, "one document");
    return new Table(source, columns, rows);
  }

  private Row row(Map<String, Cell> keys) {
    expect(parser.currentToken() == JsonToken.START_OBJECT, "an entry of keys and values");
    int line = parser.currentTokenLocation().getLineNr();
    Map<String, Cell> cells = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      expect(parser.currentToken() == JsonToken.PROPERTY_NAME, "a key");
      String column = parser.currentName().toLowerCase(Locale.ROOT);
      expect(!cells.containsKey(column), "each key once");
      TokenStreamLocation at = parser.currentTokenLocation();
      keys.put(column, new Cell(parser.currentName(), at.getLineNr(), at.getColumnNr()));
      parser.nextToken();
      cells.put(column, value());
    }
    return new Row(source, line, cells, Map.of());
  }

  private Cell value() {
    boolean alias = parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
    expect(!alias && parser.getTypeId() == null, "a plain value without alias or tag");
    expect(parser.currentToken() != null && parser.currentToken().isScalarValue(), "a plain value");
    boolean nothing = parser.currentToken() == JsonToken.VALUE_NULL;
    TokenStreamLocation at = parser.currentTokenLocation();
    return new Cell(nothing ? "" : parser.getString(), at.getLineNr(), at.getColumnNr());
  }

  private void expect(boolean met, String what) {
    if (!met) {
      throw InputError.of("expected ", what)
          .kind(ErrorKind.MALFORMED)
          .at(place(source, parser.currentTokenLocation()))
          .refusal();
    }
  }

  private static Place place(String source, TokenStreamLocation at) {
    return at == null || at.getLineNr() < 1
        ? Place.of(source)
        : Place.of(source, at.getLineNr(), at.getColumnNr());
  }
}
