/** The files that run a job: operation, question, answer. */
@NullMarked
package dev.vramcast.answers.write;

import org.jspecify.annotations.NullMarked;
