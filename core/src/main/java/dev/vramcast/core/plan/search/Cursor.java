package dev.vramcast.core.plan.search;

import dev.vramcast.core.plan.search.Timed.Choice;
import java.util.Arrays;
import java.util.function.Predicate;

/** What is known of the memory of a machine's settings. */
final class Cursor {

  private enum State {
    UNKNOWN,
    FITS,
    TOO_LARGE
  }

  private final Timed timed;
  private final State[] states;

  Cursor(Timed timed) {
    this.timed = timed;
    this.states = new State[timed.settings().size()];
    Arrays.fill(states, State.UNKNOWN);
  }

  Timed timed() {
    return timed;
  }

  Choice choice(int index) {
    return timed.settings().get(index);
  }

  boolean isTooLarge(int index) {
    return states[index] == State.TOO_LARGE;
  }

  /** Looks at the memory of a setting. */
  boolean fits(int index, CertainFit memory) {
    if (states[index] == State.UNKNOWN) {
      boolean fits = memory.fits(choice(index).setting(), timed.machine().gpu());
      states[index] = fits ? State.FITS : State.TOO_LARGE;
    }
    return states[index] == State.FITS;
  }

  /** How many of the allowed settings are known to be too large. */
  long tooLarge(Predicate<Choice> allowed) {
    long count = 0;
    for (int index = 0; index < states.length; index++) {
      count += isTooLarge(index) && allowed.test(choice(index)) ? 1 : 0;
    }
    return count;
  }
}
