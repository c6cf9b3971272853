package dev.vramcast.answers.first;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.fit.Advice;

/** What a change that saves memory costs, in words. */
public final class ChangeCosts {

  private ChangeCosts() {}

  /** E.g. {@code the step waits for bus and CPU, 44.9 GiB of host memory}. */
  public static String words(Advice.Step step) {
    return step.change().cost() + host(step, ", ");
  }

  /** What a machine's own memory holds then; empty where the change moves nothing there. */
  static String host(Advice.Step step, String before) {
    long bytes = step.hostBytes().orElse(0);
    return bytes == 0 ? "" : before + Gib.card(bytes) + " of host memory";
  }
}
