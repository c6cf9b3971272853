package dev.vramcast.core.time.work;

/**
 * What GPUs do in a run.
 *
 * @param tokens that they work on, padding included
 * @param steps of the optimizer
 */
public record RunWork(double tokens, long steps) {}
