/**
 * What an operation is, and what may be said beside its job, whoever asks: a command line, a
 * server, a program.
 */
@NullMarked
package dev.vramcast.answers.operation;

import org.jspecify.annotations.NullMarked;
