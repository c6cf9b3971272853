/** The embedded catalogue of accelerators and the names people give them. */
@NullMarked
package dev.vramcast.catalog.gpu;

import org.jspecify.annotations.NullMarked;
