/** NeMo-RL's recipes. */
@NullMarked
package dev.vramcast.formats.training.nemorl;

import org.jspecify.annotations.NullMarked;
