/** Bytes per element: the units everything is counted in. */
@NullMarked
package dev.vramcast.core.units;

import org.jspecify.annotations.NullMarked;
