/**
 * A user's own run beside the estimate of its job: where they differ, and the correction that later
 * estimates of such jobs may use.
 */
@NullMarked
package dev.vramcast.core.calibration;

import org.jspecify.annotations.NullMarked;
