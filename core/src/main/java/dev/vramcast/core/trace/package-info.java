/** A training step as a list of allocations and frees of memory blocks, and the readings of it. */
package dev.vramcast.core.trace;
