package dev.vramcast.cli.command;

import dev.vramcast.answers.terminal.Bar;
import dev.vramcast.cli.console.Console;
import dev.vramcast.sweep.run.Progress;
import java.util.Locale;
import java.util.OptionalLong;

/** How far a sweep is, how fast, and how long it will take, as a line that is gone at the end. */
final class SweepProgress implements Progress {

  private static final int WIDTH = 30;
  private static final String FROM_START = "\r\u001B[K";

  private final Console console;
  private boolean drawn;

  SweepProgress(Console console) {
    this.console = console;
  }

  @Override
  public void at(long done, long now, OptionalLong all, double seconds) {
    if (!console.terminal().colours() || seconds < 1) {
      return;
    }
    double rate = now / seconds;
    StringBuilder line = new StringBuilder(FROM_START + "  ");
    if (all.isPresent()) {
      String bar = Bar.of(done, Math.max(1, all.getAsLong()), WIDTH, console.terminal());
      line.append(bar).append(" ".repeat(WIDTH - bar.length())).append("  ");
    }
    line.append("%,d rows  %,d/s".formatted(done, Math.round(rate)));
    if (all.isPresent() && rate > 0) {
      line.append("  ").append(time((all.getAsLong() - done) / rate)).append(" left");
    }
    console.print(line.toString());
    console.flush();
    drawn = true;
  }

  /** Hours, minutes and seconds, e.g. {@code 1:02:03}. */
  static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  /** Takes the line away. */
  void end() {
    if (drawn) {
      console.print(FROM_START);
    }
  }
}
