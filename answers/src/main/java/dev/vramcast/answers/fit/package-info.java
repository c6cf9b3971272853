/**
 * Whether a job fits a card, what would make it fit, and the most that does: question, answer,
 * text.
 */
@NullMarked
package dev.vramcast.answers.fit;

import org.jspecify.annotations.NullMarked;
