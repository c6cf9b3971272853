/** The cards that are known: operation, answer, text. */
@NullMarked
package dev.vramcast.answers.gpus;

import org.jspecify.annotations.NullMarked;
