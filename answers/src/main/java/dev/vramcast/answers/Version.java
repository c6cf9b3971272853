package dev.vramcast.answers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The version of this program, written by the build. */
public final class Version {

  private static final String RESOURCE = "version.txt";

  private Version() {}

  /** Read once: every answer names it. */
  private static final class Written {
    static final String TEXT = read();
  }

  public static String current() {
    return Written.TEXT;
  }

  private static String read() {
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
  }
}
