package dev.vramcast.cli.console;

import dev.vramcast.answers.terminal.Bar;
import dev.vramcast.core.plan.search.Progress;

/**
 * How far a plan is, as one line of a terminal that comes after a second and is gone at the end.
 * Where no terminal is, there is none.
 */
public final class ProgressBar implements Progress {

  private static final long SECOND = 1_000_000_000L;
  private static final long BETWEEN = SECOND / 10;
  private static final long PARTS = 1000;
  private static final int WIDTH = 40;
  private static final String FROM_START = "\r\u001B[K";

  private final Console console;
  private long due;
  private boolean drawn;

  public ProgressBar(Console console) {
    this.console = console;
    this.due = System.nanoTime() + SECOND;
  }

  @Override
  public void at(double share) {
    long now = System.nanoTime();
    if (console.terminal().colours() && now - due >= 0) {
      String bar = Bar.of((long) (PARTS * share), PARTS, WIDTH, console.terminal());
      console.print(FROM_START + "  " + bar + " ".repeat(WIDTH - bar.length()) + percent(share));
      console.flush();
      due = now + BETWEEN;
      drawn = true;
    }
  }

  private static String percent(double share) {
    return "  " + Math.round(100 * share) + " %";
  }

  /** Takes the line away. */
  public void end() {
    if (drawn) {
      console.print(FROM_START);
    }
  }
}
