package dev.vramcast.parquet;

import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.SweepResult;
import dev.vramcast.sweep.table.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Gathers rows in a table and writes them to a file when it is closed. */
final class ParquetWriter implements TableWriter {

  private static final String TABLE = "rows_of_part";

  private final Path file;
  private final List<Column> columns;
  private final Database database;
  private final DuckDBAppender appender;

  ParquetWriter(Path file, List<Column> columns) throws IOException {
    this.file = file;
    this.columns = columns;
    this.database = Database.open();
    database.execute("CREATE TABLE " + TABLE + " (" + types(columns) + ")");
    try {
      appender = database.connection().createAppender(DuckDBConnection.DEFAULT_SCHEMA, TABLE);
    } catch (SQLException e) {
      throw Database.failure(e);
    }
  }

  private static String types(List<Column> columns) {
    return columns.stream()
        .map(column -> column.label() + " " + type(column))
        .collect(Collectors.joining(", "));
  }

  private static String type(Column column) {
    return switch (column.type()) {
      case TEXT -> "VARCHAR";
      case WHOLE -> "BIGINT";
      case DECIMAL -> "DOUBLE";
    };
  }

  @Override
  public void row(SweepResult row) throws IOException {
    try {
      appender.beginRow();
      for (Column column : columns) {
        append(row.value(column));
      }
      appender.endRow();
    } catch (SQLException e) {
      throw Database.failure(e);
    }
  }

  private void append(Object value) throws SQLException {
    if (value instanceof String text) {
      appender.append(text);
    } else if (value instanceof Long whole) {
      appender.append(whole.longValue());
    } else if (value instanceof Double number) {
      appender.append(number.doubleValue());
    } else {
      appender.appendNull();
    }
  }

  @Override
  public void close() throws IOException {
    try (Database open = database) {
      appender.close();
      open.execute("COPY " + TABLE + " TO " + Database.literal(file) + DuckDbParquet.FORMAT);
    } catch (SQLException e) {
      throw Database.failure(e);
    }
  }
}
