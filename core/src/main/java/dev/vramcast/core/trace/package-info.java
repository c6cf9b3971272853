/** A training step as a list of births and deaths of memory blocks, and the readings of it. */
package dev.vramcast.core.trace;
