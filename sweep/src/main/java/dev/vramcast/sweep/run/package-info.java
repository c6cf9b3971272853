/** Runs a sweep: on all cores, part by part, so that it can be taken up again. */
package dev.vramcast.sweep.run;
