package dev.vramcast.parquet;

import dev.vramcast.sweep.table.ParquetService;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a file row by row. */
final class ParquetReader implements ParquetService.Rows {

  private final Database database;
  private final ResultSet rows;
  private final List<String> columns = new ArrayList<>();

  ParquetReader(Path file) throws IOException {
    database = Database.open();
    try {
      String query = "SELECT * FROM read_parquet(" + Database.existing(file) + ")";
      rows = database.connection().createStatement().executeQuery(query);
      ResultSetMetaData described = rows.getMetaData();
      for (int i = 1; i <= described.getColumnCount(); i++) {
        columns.add(described.getColumnName(i));
      }
    } catch (SQLException e) {
      database.close();
      throw Database.failure(e);
    }
  }

  @Override
  public List<String> columns() {
    return List.copyOf(columns);
  }

  @Override
  public @Nullable Map<String, Object> next() throws IOException {
    try {
      if (!rows.next()) {
        return null;
      }
      Map<String, Object> row = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        row.put(columns.get(i), plain(rows.getObject(i + 1)));
      }
      return row;
    } catch (SQLException e) {
      throw Database.failure(e);
    }
  }

  /** Numbers as a parser of text would give them; what is nothing else, as text. */
  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Float number) {
      return number.doubleValue();
    }
    if (value instanceof Byte || value instanceof Short) {
      return ((Number) value).intValue();
    }
    boolean known =
        value == null
            || value instanceof Number && !(value instanceof BigInteger)
            || value instanceof Boolean;
    return known ? value : String.valueOf(value);
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
