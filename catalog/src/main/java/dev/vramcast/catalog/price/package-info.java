/** Price lists: those that are part of this module, and those that users bring. */
@NullMarked
package dev.vramcast.catalog.price;

import org.jspecify.annotations.NullMarked;
