/**
 * Layers, run one behind the other: equal ones once, with checkpoints and what outlives them; and
 * those of a vision tower inside its model's passes.
 */
@NullMarked
package dev.vramcast.core.step.stack;

import org.jspecify.annotations.NullMarked;
