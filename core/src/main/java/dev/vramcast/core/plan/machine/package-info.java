/** The smallest machine of each kind of GPU that holds a run, and what the run costs there. */
@NullMarked
package dev.vramcast.core.plan.machine;

import org.jspecify.annotations.NullMarked;
