/** A training step as a list of allocations and frees of memory blocks, and the readings of it. */
@NullMarked
package dev.vramcast.core.trace;

import org.jspecify.annotations.NullMarked;
