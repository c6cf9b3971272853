/**
 * Whether a job fits a card, what would make it fit, and the most that does: {@link
 * dev.tunefit.core.fit.Judge} looks at one job, {@link dev.tunefit.core.fit.Advice} changes it.
 */
package dev.tunefit.core.fit;
