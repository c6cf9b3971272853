package dev.vramcast.core.trace;

/**
 * A training step of one rank, written down once for each memory: both traces have the same phases
 * and the same repeated sections.
 */
public record StepTraces(AllocationTrace device, AllocationTrace host) {}
