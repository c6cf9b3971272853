/** Programs on sentence-transformers. */
@NullMarked
package dev.vramcast.formats.training.sentence;

import org.jspecify.annotations.NullMarked;
