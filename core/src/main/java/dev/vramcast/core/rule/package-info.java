/**
 * The rule of thumb that guides to fine-tuning give: bytes per parameter and a flat sum for the
 * rest. It needs nothing but a size, and is the yardstick that a trace is compared with.
 */
@NullMarked
package dev.vramcast.core.rule;

import org.jspecify.annotations.NullMarked;
