/**
 * How fast a job runs and how long a run takes. A token costs the longer of what the GPU computes
 * and what the CPU takes to launch it, communication that is not hidden, and its share of the
 * optimizer step; the coefficients come from published runs and stand in {@link
 * dev.vramcast.core.time.rate.Coefficients}, {@link dev.vramcast.core.hardware.MatmulClass} and
 * {@link dev.vramcast.core.time.rate.Stack}.
 */
@NullMarked
package dev.vramcast.core.time;

import org.jspecify.annotations.NullMarked;
