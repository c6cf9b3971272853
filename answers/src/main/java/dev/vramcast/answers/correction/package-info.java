/** Corrections that a user saved, and what they do to an answer. */
@NullMarked
package dev.vramcast.answers.correction;

import org.jspecify.annotations.NullMarked;
