package dev.vramcast.core.run.check;

/**
 * A job that is legal but that the memory model does not cover; the message says what is missing.
 */
public final class UnsupportedJobException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UnsupportedJobException(String message) {
    super(message);
  }
}
