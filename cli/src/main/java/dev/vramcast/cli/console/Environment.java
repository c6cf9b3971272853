package dev.vramcast.cli.console;

import dev.vramcast.core.run.RecentSteps;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TimeZone;

/**
 * What of the machine and the moment decides an answer.
 *
 * @param clock tells how old prices are
 * @param variables of the environment, such as {@code PATH}
 * @param steps what is known of steps that were asked about before, where a process runs more than
 *     one command: it makes an answer sooner, and no other one
 */
public record Environment(Clock clock, Map<String, String> variables, RecentSteps steps) {

  /** One that knows of no step yet. */
  public Environment(Clock clock, Map<String, String> variables) {
    this(clock, variables, new RecentSteps());
  }

  /** Those of this process. */
  public static Environment ofProcess() {
    return new Environment(Clock.system(offset()), System.getenv());
  }

  /** That of this moment: a program that starts pays for the rules of all zones. */
  private static ZoneOffset offset() {
    long millis = TimeZone.getDefault().getOffset(System.currentTimeMillis());
    return ZoneOffset.ofTotalSeconds((int) (millis / 1000));
  }

  /** The day it is. */
  public LocalDate today() {
    return LocalDate.now(clock);
  }
}
