package dev.vramcast.input.fuzz;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads whatever comes, or refuses it in one line of bounded length. */
public abstract class RefusesInOneLine implements Consumer<byte[]> {

  private static final int MOST_CHARACTERS = 1_500;

  protected abstract void read(byte[] bytes);

  @Override
  public final void accept(byte[] bytes) {
    try {
      read(bytes);
    } catch (InputException | UnsupportedJobException e) {
      isOneLine(e);
    }
  }

  protected static void isOneLine(RuntimeException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (message.length() > MOST_CHARACTERS || message.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalStateException("no line: " + message);
    }
  }

  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
