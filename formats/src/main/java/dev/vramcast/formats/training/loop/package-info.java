/** Loops of a program's own that train a model of Transformers by PyTorch or accelerate. */
@NullMarked
package dev.vramcast.formats.training.loop;

import org.jspecify.annotations.NullMarked;
