package dev.vramcast.cli.option;

import dev.vramcast.core.input.InputError;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths that a user wrote. */
public final class Paths {

  private Paths() {}

  public static Path of(String text) {
    if (text.isEmpty()) {
      // Java takes it for the folder that the process works in.
      throw InputError.value(text, " is not a path").allowed("a file or a folder").refusal();
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw InputError.value(text, " is not a path").refusal(e);
    }
  }
}
