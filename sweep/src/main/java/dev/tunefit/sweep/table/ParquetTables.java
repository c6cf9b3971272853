package dev.tunefit.sweep.table;

import dev.tunefit.core.input.InputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.ServiceLoader;

/** Finds what reads and writes Parquet: on the class path, or in a jar beside the program's own. */
public final class ParquetTables {

  /** The jar of the module {@code parquet}. */
  private static final String JAR = "tunefit-parquet.jar";

  private static final class Found {
    static final ParquetService SERVICE = load();
  }

  private ParquetTables() {}

  /**
   * The service, looked for once.
   *
   * @throws InputException when there is none
   */
  public static ParquetService service() {
    Iterator<ParquetService> onClassPath = ServiceLoader.load(ParquetService.class).iterator();
    return onClassPath.hasNext() ? onClassPath.next() : Found.SERVICE;
  }

  private static ParquetService load() {
    Path jar = ownFolder().resolve(JAR);
    if (!Files.isRegularFile(jar)) {
      throw new InputException(
          "Parquet needs " + jar + ", which mvn -pl parquet -am package makes in parquet/target");
    }
    try {
      URL[] urls = {jar.toUri().toURL()};
      // Left open: its classes are used to the end.
      ClassLoader loader = new URLClassLoader(urls, ParquetTables.class.getClassLoader());
      return ServiceLoader.load(ParquetService.class, loader).iterator().next();
    } catch (IOException e) {
      throw new InputException(jar + ": cannot be read", e);
    }
  }

  private static Path ownFolder() {
    try {
      URL own = ParquetTables.class.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(own.toURI()).toAbsolutePath().getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
