/** The figures of an estimate and the lines that show them, for all answers that have them. */
@NullMarked
package dev.vramcast.answers.memory;

import org.jspecify.annotations.NullMarked;
