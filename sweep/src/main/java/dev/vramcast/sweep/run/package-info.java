/** Runs a sweep: on all cores, part by part, so that it can be taken up again. */
@NullMarked
package dev.vramcast.sweep.run;

import org.jspecify.annotations.NullMarked;
