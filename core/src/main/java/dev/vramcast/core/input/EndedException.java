package dev.vramcast.core.input;

/** A computation was ended before it had an answer, since nobody waits for it any more. */
public final class EndedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public EndedException() {
    super("ended before there was an answer");
  }
}
