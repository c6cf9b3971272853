/** Tables of text, each cell with its place: those that users bring, and those of the program. */
package dev.vramcast.catalog.table;
