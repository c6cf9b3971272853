package dev.vramcast.core.input;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Something a user gave cannot be used. */
public final class InputException extends RuntimeException implements Refusal {

  private static final long serialVersionUID = 1L;

  private final transient InputError error;

  public InputException(InputError error) {
    super(error.line(Words.DOCUMENT));
    this.error = error;
  }

  public InputException(InputError error, Throwable cause) {
    super(error.line(Words.DOCUMENT), cause);
    this.error = error;
  }

  /** A job that can be read and does not run, since a card has too little memory for it. */
  public static InputException forLackOfMemory(InputError error) {
    return error.kind(ErrorKind.TOO_LITTLE_MEMORY).refusal();
  }

  /** Whether what was given is right, and a card too small for it: a verdict. */
  public boolean isForLackOfMemory() {
    return error.kind() == ErrorKind.TOO_LITTLE_MEMORY;
  }

  /** What is wrong, in parts. */
  public InputError error() {
    return error;
  }

  @Override
  public Notice notice() {
    return new Notice(error.place(), error.sentence());
  }

  @Override
  public InputException located(Function<Subject, Optional<Place>> places) {
    return error.place().isPresent()
        ? this
        : error.at(Refusal.place(error.subject(), error.problem(), places)).refusal(this);
  }

  /** The line in the words of a job document; there always is one. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
