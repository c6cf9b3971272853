/** Bytes per element: the units everything is counted in. */
package dev.vramcast.core.units;
