package dev.tunefit.answers.serve;

import dev.tunefit.answers.ModuleJar;
import dev.tunefit.core.input.InputException;
import java.util.List;

/** Finds a service of the server, which brings the page where a build has made one. */
public final class ServerJar {

  private static final ModuleJar JAR = new ModuleJar("server", List.of("web"));

  private ServerJar() {}

  /**
   * The service.
   *
   * @param command for the message
   * @throws InputException when it is not installed
   */
  public static <T> T load(Class<T> service, String command) {
    return JAR.load(service, command);
  }
}
