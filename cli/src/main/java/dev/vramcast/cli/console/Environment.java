package dev.vramcast.cli.console;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;

/**
 * What of the machine and the moment decides an answer.
 *
 * @param clock tells how old prices are
 * @param variables of the environment, such as {@code PATH}
 */
public record Environment(Clock clock, Map<String, String> variables) {

  /** Those of this process. */
  public static Environment ofProcess() {
    return new Environment(Clock.system(ZoneId.systemDefault()), System.getenv());
  }

  /** The day it is. */
  public LocalDate today() {
    return LocalDate.now(clock);
  }
}
