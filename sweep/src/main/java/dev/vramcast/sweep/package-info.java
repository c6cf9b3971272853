/**
 * Whole tables of estimates. {@link dev.vramcast.sweep.RowEstimator} turns one row, a job and what
 * its machine costs, into one row of figures; everything else here makes rows and keeps them.
 */
package dev.vramcast.sweep;
