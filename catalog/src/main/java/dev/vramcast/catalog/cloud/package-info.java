/** Clouds and their machines by the names that people give them. */
@NullMarked
package dev.vramcast.catalog.cloud;

import org.jspecify.annotations.NullMarked;
