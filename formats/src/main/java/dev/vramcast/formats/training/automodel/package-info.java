/** NeMo AutoModel's recipes. */
@NullMarked
package dev.vramcast.formats.training.automodel;

import org.jspecify.annotations.NullMarked;
