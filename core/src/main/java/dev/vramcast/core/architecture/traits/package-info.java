/**
 * What a model's code does: the facts that are not shapes, stated by the family that reads the
 * config, with the Transformers versions in which each holds.
 */
@NullMarked
package dev.vramcast.core.architecture.traits;

import org.jspecify.annotations.NullMarked;
