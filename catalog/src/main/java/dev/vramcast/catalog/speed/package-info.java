/** How far runs are from peaks, as fitted to the runs that are part of the product. */
@NullMarked
package dev.vramcast.catalog.speed;

import org.jspecify.annotations.NullMarked;
