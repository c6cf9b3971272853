package dev.vramcast.parquet;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/** A database in memory that lives as long as one file is read or written. */
final class Database implements AutoCloseable {

  /** Of a database, beside Java's heap. */
  private static final String MEMORY = "512MB";

  private final DuckDBConnection connection;

  private Database(DuckDBConnection connection) {
    this.connection = connection;
  }

  static Database open() throws IOException {
    try {
      Properties settings = new Properties();
      settings.setProperty("threads", "1");
      settings.setProperty("memory_limit", MEMORY);
      settings.setProperty("autoinstall_known_extensions", "false");
      settings.setProperty("autoload_known_extensions", "false");
      settings.setProperty("temp_directory", "");
      settings.setProperty("jdbc_stream_results", "true");
      return new Database((DuckDBConnection) new DuckDBDriver().connect("jdbc:duckdb:", settings));
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  DuckDBConnection connection() {
    return connection;
  }

  void execute(String sql) throws IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The path as a literal. */
  static String literal(Path file) {
    return "'" + file.toAbsolutePath().toString().replace("'", "''") + "'";
  }

  /** The path of a file that is there; DuckDB would take these letters as a pattern. */
  static String existing(Path file) {
    if (file.toString().matches("(?s).*[*?\\[\\]].*")) {
      throw InputError.of("a name with * ? [ or ]")
          .at(Place.of(file.toString()))
          .allowed("one without")
          .refusal();
    }
    return literal(file);
  }

  /** What DuckDB says in its first line. */
  static IOException failure(SQLException e) {
    String message = String.valueOf(e.getMessage());
    boolean full = message.contains("No space left on device");
    String line = full ? "No space left on device" : message.lines().findFirst().orElse("");
    return new IOException(line, e);
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }
}
