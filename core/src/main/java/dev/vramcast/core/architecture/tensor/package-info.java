/** Weights: linear layers, norms and single parameters, with their shapes. */
package dev.vramcast.core.architecture.tensor;
