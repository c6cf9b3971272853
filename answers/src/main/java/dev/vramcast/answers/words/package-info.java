/** Sentences that answers tell programs in parts, beside the lines that they are. */
@NullMarked
package dev.vramcast.answers.words;

import org.jspecify.annotations.NullMarked;
