/** What a training framework's code does, as facts that a step and its time are derived from. */
@NullMarked
package dev.vramcast.core.job.code;

import org.jspecify.annotations.NullMarked;
