/** Multilayer perceptrons and mixtures of experts. */
package dev.vramcast.core.architecture.mlp;
