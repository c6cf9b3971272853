package dev.vramcast.answers;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;

/**
 * A module in a jar of its own beside the program's. It is opened only when it is asked for, so it
 * costs nobody else a thing.
 *
 * @param module of this build, such as {@code server} in {@code vramcast-server.jar}
 * @param others modules whose jars are opened with it where they are there
 */
public record ModuleJar(String module, List<String> others) {

  public ModuleJar {
    others = List.copyOf(others);
  }

  /** A module that comes alone. */
  public ModuleJar(String module) {
    this(module, List.of());
  }

  /**
   * A service of the module: from the class path where it is there, else from the jar.
   *
   * @param asker what needs it, for the message
   * @throws InputException when there is no jar, or it cannot be read
   */
  public <T> T load(Class<T> service, String asker) {
    return ServiceLoader.load(service).findFirst().orElseGet(() -> beside(service, asker));
  }

  private <T> T beside(Class<T> service, String asker) {
    Path jar = jar(module);
    if (!Files.isRegularFile(jar)) {
      throw InputError.of(
              asker,
              " needs ",
              jar.toString(),
              ", which mvn -pl ",
              module,
              " -am package makes in ",
              module,
              "/target")
          .kind(ErrorKind.NOT_FOUND)
          .refusal();
    }
    try {
      List<URL> urls = new ArrayList<>(List.of(jar.toUri().toURL()));
      for (String other : others) {
        if (Files.isRegularFile(jar(other))) {
          urls.add(jar(other).toUri().toURL());
        }
      }
      // Left open: what is returned loads classes and files from it as long as it is used.
      ClassLoader loader =
          new URLClassLoader(urls.toArray(URL[]::new), ModuleJar.class.getClassLoader());
      // Libraries look for their own resources through the thread.
      Thread.currentThread().setContextClassLoader(loader);
      return ServiceLoader.load(service, loader).findFirst().orElseThrow();
    } catch (IOException e) {
      throw InputError.of("cannot be read")
          .at(Place.of(jar.toString()))
          .kind(ErrorKind.UNREADABLE)
          .refusal(e);
    }
  }

  private static Path jar(String module) {
    return ownFolder().resolve("vramcast-" + module + ".jar");
  }

  private static Path ownFolder() {
    try {
      URL own = ModuleJar.class.getProtectionDomain().getCodeSource().getLocation();
      return Objects.requireNonNull(Path.of(own.toURI()).toAbsolutePath().getParent());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
