package dev.tunefit.answers.request;

import dev.tunefit.core.data.TokenCounter;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.formats.dataset.TokenizerLoader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.ServiceLoader;

/**
 * Finds what reads tokenizers: on the class path, or in a jar beside the program's own. The jar is
 * opened only when a tokenizer is named, so it costs nobody else a thing.
 */
final class Tokenizers {

  /** The jar of the module {@code tokenizer}. */
  private static final String JAR = "tunefit-tokenizer.jar";

  private Tokenizers() {}

  static TokenCounter load(Path file) {
    Iterator<TokenizerLoader> onClassPath = ServiceLoader.load(TokenizerLoader.class).iterator();
    if (onClassPath.hasNext()) {
      return onClassPath.next().load(file);
    }
    Path jar = ownFolder().resolve(JAR);
    if (!Files.isRegularFile(jar)) {
      throw new InputException(
          JobKey.TOKENIZER.path()
              + " needs "
              + jar
              + ", which mvn -pl tokenizer -am package makes in tokenizer/target");
    }
    return load(file, jar);
  }

  private static TokenCounter load(Path file, Path jar) {
    try {
      URL[] urls = {jar.toUri().toURL()};
      // Left open: the counter that is returned loads classes from it as long as it is used.
      ClassLoader loader = new URLClassLoader(urls, Tokenizers.class.getClassLoader());
      // The library looks for its own resources through the thread.
      Thread.currentThread().setContextClassLoader(loader);
      return ServiceLoader.load(TokenizerLoader.class, loader).iterator().next().load(file);
    } catch (IOException e) {
      throw new InputException(jar + ": cannot be read", e);
    }
  }

  private static Path ownFolder() {
    try {
      URL own = Tokenizers.class.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(own.toURI()).toAbsolutePath().getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
