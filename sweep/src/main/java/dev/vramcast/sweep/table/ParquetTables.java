package dev.vramcast.sweep.table;

import dev.vramcast.answers.ModuleJar;
import dev.vramcast.core.input.InputException;
import org.jspecify.annotations.Nullable;

/** Finds what reads and writes Parquet. */
public final class ParquetTables {

  private static final ModuleJar JAR = new ModuleJar("parquet");

  /** Null until somebody asks. */
  private static @Nullable ParquetService found;

  private ParquetTables() {}

  /**
   * The service, looked for once.
   *
   * @throws InputException when there is none
   */
  public static synchronized ParquetService service() {
    ParquetService service = found;
    if (service == null) {
      service = JAR.load(ParquetService.class, "Parquet");
      found = service;
    }
    return service;
  }
}
