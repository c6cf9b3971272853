package dev.vramcast.server.work;

import java.time.Duration;

/**
 * What the server gives away at most.
 *
 * @param cores computations at once
 * @param queued computations that wait for their turn
 * @param idle how long a connection may be silent
 * @param arrival how long the headers of a request may take to arrive, and how long its body
 * @param patience how long a computation waits for its turn where many do
 */
public record Bounds(int cores, int queued, Duration idle, Duration arrival, Duration patience) {

  private static final int QUEUED_PER_CORE = 64;
  private static final Duration PATIENCE = Duration.ofMillis(400);

  /** Computations before one, of each core, from which on it waits only so long. */
  private static final int FEW_PER_CORE = 4;

  private static final int MOST_OF_ONE_PROGRAM = 1_000_000;

  /** Bounds with the usual patience. */
  public Bounds(int cores, int queued, Duration idle, Duration arrival) {
    this(cores, queued, idle, arrival, PATIENCE);
  }

  /** How many may wait however long it takes, such as all that one page asks for. */
  int few() {
    return FEW_PER_CORE * cores;
  }

  /** Those of a process that one program has started, whose questions all wait for their turn. */
  public static Bounds ofOneProgram() {
    Bounds usual = usual();
    Duration endless = Duration.ofDays(1);
    return new Bounds(usual.cores, MOST_OF_ONE_PROGRAM, usual.idle, usual.arrival, endless);
  }

  /** The same for a computation at a time, and one that waits. */
  public Bounds narrow() {
    return new Bounds(1, 1, idle, arrival, patience);
  }

  /** Those for this machine. */
  public static Bounds usual() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new Bounds(
        cores, cores * QUEUED_PER_CORE, Duration.ofSeconds(20), Duration.ofSeconds(10));
  }
}
