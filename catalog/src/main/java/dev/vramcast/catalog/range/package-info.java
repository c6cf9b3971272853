/** The ranges about estimates that are part of the product. */
@NullMarked
package dev.vramcast.catalog.range;

import org.jspecify.annotations.NullMarked;
