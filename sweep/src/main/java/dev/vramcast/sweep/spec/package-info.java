/** Reads what is swept over: a job document whose values may be lists and ranges. */
@NullMarked
package dev.vramcast.sweep.spec;

import org.jspecify.annotations.NullMarked;
