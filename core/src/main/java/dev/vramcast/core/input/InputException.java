package dev.vramcast.core.input;

import java.util.Objects;

/**
 * Something a user gave cannot be used. The message is one line that names the place, the key, the
 * value, what is allowed and, where there is one, the nearest known name.
 */
public final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The line; there always is one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
