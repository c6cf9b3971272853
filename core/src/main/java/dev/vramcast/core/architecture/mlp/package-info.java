/** Multilayer perceptrons and mixtures of experts. */
@NullMarked
package dev.vramcast.core.architecture.mlp;

import org.jspecify.annotations.NullMarked;
