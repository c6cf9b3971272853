/**
 * How much memory a run needs. {@link dev.vramcast.core.run.RunPlan} lists its episodes; {@code
 * step} writes them as a {@code trace} by running the model's modules through the memory rules of
 * {@code autograd}, {@code megatron} those of Megatron-Core; {@link
 * dev.vramcast.core.run.MemoryEstimator} reads the peaks off it.
 */
@NullMarked
package dev.vramcast.core.run;

import org.jspecify.annotations.NullMarked;
