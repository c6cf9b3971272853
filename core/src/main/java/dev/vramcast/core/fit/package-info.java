/**
 * Whether a job fits a card, what would make it fit, and the most that does: {@link
 * dev.vramcast.core.fit.FitEvaluator} looks at one job, {@link dev.vramcast.core.fit.Advice}
 * changes it.
 */
@NullMarked
package dev.vramcast.core.fit;

import org.jspecify.annotations.NullMarked;
