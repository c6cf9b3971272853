/**
 * Models as lists of tensors: which modules a model has, in the order in which the forward pass
 * runs them. {@link dev.vramcast.core.architecture.family.Families} reads them from a {@code
 * config.json}.
 */
@NullMarked
package dev.vramcast.core.architecture;

import org.jspecify.annotations.NullMarked;
