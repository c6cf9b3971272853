package dev.vramcast.core.time;

/**
 * What a run does beside training.
 *
 * @param evaluationTokens of all evaluations together, padding included
 * @param saves how often a checkpoint is written
 */
public record RunExtras(double evaluationTokens, int saves) {

  /** No evaluation, and one checkpoint at the end. */
  public static final RunExtras USUAL = new RunExtras(0, 1);
}
