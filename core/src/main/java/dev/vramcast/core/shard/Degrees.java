package dev.vramcast.core.shard;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.List;

/** Divides what ranks share, and says what cannot be divided. */
public final class Degrees {

  private Degrees() {}

  /**
   * A share of {@code whole}.
   *
   * @param key that holds the degrees
   * @param what is divided, e.g. {@code attention heads}
   * @throws InputException where the degrees do not divide it
   */
  public static int share(int whole, int degrees, Subject key, String what) {
    return Math.toIntExact(share((long) whole, degrees, key, what));
  }

  /** As {@link #share(int, int, Subject, String)}. */
  public static long share(long whole, int degrees, Subject key, String what) {
    if (whole % degrees != 0) {
      throw InputError.about(key)
          .isSet(degrees)
          .and(", which does not divide the model's ", whole, " ", what)
          .allowed(divisors(whole))
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    return whole / degrees;
  }

  private static String divisors(long whole) {
    List<String> divisors = new ArrayList<>();
    for (long d = 1; d <= Math.min(whole, 64); d++) {
      if (whole % d == 0) {
        divisors.add(Long.toString(d));
      }
    }
    return String.join(", ", divisors);
  }

  /** Column parallel: a share of the outputs. */
  static Linear columns(Linear whole, int degrees) {
    return new Linear(whole.name(), whole.in(), whole.out() / degrees, whole.bias());
  }

  /** Row parallel: a share of the inputs; the results of all ranks are summed in place. */
  static Linear rows(Linear whole, int degrees) {
    return new Linear(whole.name(), whole.in() / degrees, whole.out(), whole.bias());
  }

  static List<Linear> columns(List<Linear> whole, int degrees) {
    return whole.stream().map(linear -> columns(linear, degrees)).toList();
  }
}
