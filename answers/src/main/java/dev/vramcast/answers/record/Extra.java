package dev.vramcast.answers.record;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an answer may lack with its key; the key of an {@link Optional} is there, and null. */
public final class Extra<T> {

  private static final Extra<?> NONE = new Extra<>(null);

  private final @Nullable T value;

  private Extra(@Nullable T value) {
    this.value = value;
  }

  /** One that is there. */
  public static <T> Extra<T> of(T value) {
    return new Extra<>(value);
  }

  /** One that is there where the other is. */
  public static <T> Extra<T> of(Optional<T> value) {
    return value.map(Extra::of).orElseGet(Extra::none);
  }

  /** None. */
  @SuppressWarnings("unchecked") // of nothing
  public static <T> Extra<T> none() {
    return (Extra<T>) NONE;
  }

  /** What is there. */
  public Optional<T> value() {
    return Optional.ofNullable(value);
  }
}
