package dev.vramcast.input.text;

import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What is in a folder. */
public final class Listing {

  private Listing() {}

  /**
   * All of it, in order of names.
   *
   * @throws InputException when not all can be listed
   */
  public static List<Path> of(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw refusal(folder, e);
    } catch (UncheckedIOException e) {
      throw refusal(folder, Objects.requireNonNull(e.getCause()));
    }
  }

  private static InputException refusal(Path folder, IOException cause) {
    return Unreadable.failure(folder, "cannot be listed", cause);
  }
}
