/** Encoder-decoders of text. */
@NullMarked
package dev.vramcast.core.architecture.family.seq2seq;

import org.jspecify.annotations.NullMarked;
