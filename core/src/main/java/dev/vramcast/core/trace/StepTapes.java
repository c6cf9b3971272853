package dev.vramcast.core.trace;

/**
 * A training step of one rank, written down once for each memory: both tapes have the same phases
 * and the same repeated stretches.
 */
public record StepTapes(Tape device, Tape host) {}
