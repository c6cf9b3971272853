/** Layers, run one behind the other: equal ones once, with checkpoints and what outlives them. */
@NullMarked
package dev.vramcast.core.step.stack;

import org.jspecify.annotations.NullMarked;
