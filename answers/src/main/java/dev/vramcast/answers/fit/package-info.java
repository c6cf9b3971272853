/** Whether a job fits a card, and what would make it fit: operation, question, answer, text. */
@NullMarked
package dev.vramcast.answers.fit;

import org.jspecify.annotations.NullMarked;
