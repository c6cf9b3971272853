/** The figures of an estimate and the lines that show them, for all answers that have them. */
package dev.vramcast.answers.memory;
