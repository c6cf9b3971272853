/** Current prices: fetched from where providers publish them, checked, and kept with their day. */
@NullMarked
package dev.vramcast.catalog.price.refresh;

import org.jspecify.annotations.NullMarked;
