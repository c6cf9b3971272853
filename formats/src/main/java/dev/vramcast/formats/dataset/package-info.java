/**
 * How long the examples of a data set are. Files may be large, damaged or hostile, and are read
 * line by line.
 */
@NullMarked
package dev.vramcast.formats.dataset;

import org.jspecify.annotations.NullMarked;
