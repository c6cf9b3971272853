package dev.tunefit.core.plan;

/**
 * A constraint and what it leaves out. A candidate counts for the first constraint that it fails.
 *
 * @param constraint e.g. {@code --gpu} or {@code memory}
 * @param candidates how many
 */
public record Exclusion(String constraint, long candidates) {}
