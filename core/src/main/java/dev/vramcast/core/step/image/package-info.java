/** The vision tower of a model, run inside its forward and backward pass. */
@NullMarked
package dev.vramcast.core.step.image;

import org.jspecify.annotations.NullMarked;
