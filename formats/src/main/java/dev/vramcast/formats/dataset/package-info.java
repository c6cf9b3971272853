/**
 * How long the examples of a data set are. Files may be large, damaged or hostile, and are read
 * line by line.
 */
package dev.vramcast.formats.dataset;
