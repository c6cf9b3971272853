/**
 * Ranges about an estimate: how far runs of the same kind of job were from what was said of them.
 */
@NullMarked
package dev.vramcast.core.range;

import org.jspecify.annotations.NullMarked;
