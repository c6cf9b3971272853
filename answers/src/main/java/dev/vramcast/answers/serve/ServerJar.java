package dev.vramcast.answers.serve;

import dev.vramcast.answers.ModuleJar;
import dev.vramcast.core.input.InputException;
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
