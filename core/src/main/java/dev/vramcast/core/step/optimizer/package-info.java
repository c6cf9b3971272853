/** What the optimizer keeps from step to step, and what one of its steps takes. */
@NullMarked
package dev.vramcast.core.step.optimizer;

import org.jspecify.annotations.NullMarked;
