/** Weights: linear layers, norms and single parameters, with their shapes. */
@NullMarked
package dev.vramcast.core.architecture.tensor;

import org.jspecify.annotations.NullMarked;
