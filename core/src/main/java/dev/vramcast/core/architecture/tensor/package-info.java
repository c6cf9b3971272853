/**
 * Weights: linear layers, norms and single parameters, with their shapes, and streams of hidden
 * states that weights mix.
 */
@NullMarked
package dev.vramcast.core.architecture.tensor;

import org.jspecify.annotations.NullMarked;
