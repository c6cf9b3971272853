/** Findings in a training file: operation, answer, text. */
@NullMarked
package dev.vramcast.answers.lint;

import org.jspecify.annotations.NullMarked;
