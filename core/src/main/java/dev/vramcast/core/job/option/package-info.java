/** The choices of a job: method, precision, optimizer, strategy and their like. */
@NullMarked
package dev.vramcast.core.job.option;

import org.jspecify.annotations.NullMarked;
