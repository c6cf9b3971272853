/** The kinds of values that keys of a job document take, and how each is read from text or data. */
@NullMarked
package dev.vramcast.core.job.value;

import org.jspecify.annotations.NullMarked;
