/**
 * Whole tables of estimates. {@link dev.vramcast.sweep.RowEstimator} turns one row, a job and what
 * its machine costs, into one row of figures; everything else here makes rows and keeps them.
 */
@NullMarked
package dev.vramcast.sweep;

import org.jspecify.annotations.NullMarked;
