package dev.vramcast.core.run.check;

import java.util.Objects;

/**
 * A job that is legal but that the memory model does not cover; the message says what is missing.
 */
public final class UnsupportedJobException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnsupportedJobException(String message) {
    super(message);
  }

  /** What is missing; it is always said. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
