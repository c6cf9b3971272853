/** Pictures as text, without a drawing library. */
@NullMarked
package dev.vramcast.validation.svg;

import org.jspecify.annotations.NullMarked;
