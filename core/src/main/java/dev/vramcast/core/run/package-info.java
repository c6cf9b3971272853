/**
 * How much memory a training step needs. {@code step} writes the step as a {@code trace} by running
 * the model's modules through the memory rules of {@code autograd}, {@code megatron} those of
 * Megatron-Core; {@link dev.vramcast.core.run.MemoryEstimator} reads the peak off it.
 */
@NullMarked
package dev.vramcast.core.run;

import org.jspecify.annotations.NullMarked;
