/** Fits the coefficients of speed to the runs that are part of the product. */
@NullMarked
package dev.vramcast.validation.speed;

import org.jspecify.annotations.NullMarked;
