/** A user's own run beside its estimate: question, answer, text. */
@NullMarked
package dev.vramcast.answers.calibrate;

import org.jspecify.annotations.NullMarked;
