package dev.vramcast.server.work;

import java.time.Duration;

/**
 * What the server gives away at most.
 *
 * @param cores computations at once
 * @param queued computations that wait for their turn
 * @param idle how long a connection may be silent
 * @param arrival how long the headers of a request may take to arrive, and how long its body
 */
public record Bounds(int cores, int queued, Duration idle, Duration arrival) {

  private static final int QUEUED_PER_CORE = 64;

  /** Those for this machine. */
  public static Bounds usual() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Bounds(
        cores, cores * QUEUED_PER_CORE, Duration.ofSeconds(20), Duration.ofSeconds(10));
  }
}
