package dev.vramcast.core.plan.search;

import dev.vramcast.core.plan.search.Timed.Choice;
import java.util.List;

/** How far the settings of a machine are looked at, from the fastest on. */
final class Cursor {

  private final Timed timed;
  private int next;
  private boolean fits;

  Cursor(Timed timed) {
    this.timed = timed;
  }

  Timed timed() {
    return timed;
  }

  /** The settings before this are too large. */
  int next() {
    return next;
  }

  boolean isAtEnd() {
    return next == settings().size();
  }

  Choice choice() {
    return settings().get(next);
  }

  /** Looks at the memory of the setting; goes on to the next one where it is too much. */
  boolean advance(Memory memory) {
    if (!fits) {
      fits = memory.fits(choice().setting(), timed.machine().gpu());
      next += fits ? 0 : 1;
    }
    return fits;
  }

  private List<Choice> settings() {
    return timed.settings();
  }
}
