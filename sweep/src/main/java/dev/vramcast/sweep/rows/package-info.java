/** Rows of a table that is read. */
package dev.vramcast.sweep.rows;
