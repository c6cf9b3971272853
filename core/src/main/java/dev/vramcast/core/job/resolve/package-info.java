/** From a job document to a job in which nothing is left open. */
@NullMarked
package dev.vramcast.core.job.resolve;

import org.jspecify.annotations.NullMarked;
