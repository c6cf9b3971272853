/** The keys that releases of frameworks have, by their own classes, and what lint makes of them. */
@NullMarked
package dev.vramcast.formats.training.schema;

import org.jspecify.annotations.NullMarked;
