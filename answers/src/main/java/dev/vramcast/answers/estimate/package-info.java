/** Memory and speed of a job: question, answer, text. */
@NullMarked
package dev.vramcast.answers.estimate;

import org.jspecify.annotations.NullMarked;
