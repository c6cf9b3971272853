/** The files that run a job: question and answer. */
@NullMarked
package dev.vramcast.answers.files;

import org.jspecify.annotations.NullMarked;
