/** What a model's weight files say about themselves, read from their headers alone. */
@NullMarked
package dev.vramcast.catalog.weights;

import org.jspecify.annotations.NullMarked;
