package dev.vramcast.core.input;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Something a user gave cannot be used. */
public final class InputException extends RuntimeException implements Refusal {

  private static final long serialVersionUID = 1L;

  private final transient InputError error;
  private final boolean forLackOfMemory;

  public InputException(InputError error) {
    this(error, false);
  }

  public InputException(InputError error, Throwable cause) {
    super(error.line(Words.DOCUMENT), cause);
    this.error = error;
    this.forLackOfMemory = cause instanceof InputException below && below.forLackOfMemory;
  }

  private InputException(InputError error, boolean forLackOfMemory) {
    super(error.line(Words.DOCUMENT));
    this.error = error;
    this.forLackOfMemory = forLackOfMemory;
  }

  /** A job that can be read and does not run, since a card has too little memory for it. */
  public static InputException forLackOfMemory(InputError error) {
    return new InputException(error, true);
  }

  /** Whether what was given is right, and a card too small for it: a verdict. */
  public boolean isForLackOfMemory() {
    return forLackOfMemory;
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
