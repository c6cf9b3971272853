package dev.tunefit.answers.serve;

import dev.tunefit.core.input.InputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Finds a service of the server: on the class path, or in a jar beside the program's own, with that
 * of the page where there is one. The jars are opened only when the service is asked for, so they
 * cost nobody else a thing.
 */
public final class ServerJar {

  /** The jar of the module {@code server}. */
  private static final String SERVER = "tunefit-server.jar";

  /** The jar of the module {@code web}, which a build without Node does not make. */
  private static final String PAGE = "tunefit-web.jar";

  private ServerJar() {}

  /**
   * The service.
   *
   * @param command for the message
   * @throws InputException when it is not installed
   */
  public static <T> T load(Class<T> service, String command) {
    Optional<T> onClassPath = ServiceLoader.load(service).findFirst();
    return onClassPath.orElseGet(() -> beside(service, command));
  }

  private static <T> T beside(Class<T> service, String command) {
    Path folder = ownFolder();
    Path jar = folder.resolve(SERVER);
    if (!Files.isRegularFile(jar)) {
      throw new InputException(
          command + " needs " + jar + ", which mvn -pl server -am package makes in server/target");
    }
    try {
      List<URL> urls = new ArrayList<>(List.of(jar.toUri().toURL()));
      Path page = folder.resolve(PAGE);
      if (Files.isRegularFile(page)) {
        urls.add(page.toUri().toURL());
      }
      // Left open: what is returned loads classes and files from it as long as it is used.
      ClassLoader loader =
          new URLClassLoader(urls.toArray(URL[]::new), ServerJar.class.getClassLoader());
      // Libraries look for their own resources through the thread.
      Thread.currentThread().setContextClassLoader(loader);
      return ServiceLoader.load(service, loader).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new InputException(jar + ": cannot be read", e);
    }
  }

  private static Path ownFolder() {
    try {
      URL own = ServerJar.class.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(own.toURI()).toAbsolutePath().getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
