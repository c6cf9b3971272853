/**
 * The episodes of a run, written to a trace: models are loaded, passes run the modules forward and
 * backward, and the optimizer updates.
 */
@NullMarked
package dev.vramcast.core.step;

import org.jspecify.annotations.NullMarked;
