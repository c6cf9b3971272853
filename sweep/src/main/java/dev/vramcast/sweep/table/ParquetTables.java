package dev.vramcast.sweep.table;

import dev.vramcast.answers.ModuleJar;
import dev.vramcast.core.input.InputException;

/** Finds what reads and writes Parquet. */
public final class ParquetTables {

  private static final ModuleJar JAR = new ModuleJar("parquet");

  private static ParquetService found;

  private ParquetTables() {}

  /**
   * The service, looked for once.
   *
   * @throws InputException when there is none
   */
  public static synchronized ParquetService service() {
    if (found == null) {
      found = JAR.load(ParquetService.class, "Parquet");
    }
    return found;
  }
}
