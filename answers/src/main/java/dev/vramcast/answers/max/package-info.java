/**
 * The largest batch, sequence, image or model that a card holds: operation, question, answer, text.
 */
@NullMarked
package dev.vramcast.answers.max;

import org.jspecify.annotations.NullMarked;
