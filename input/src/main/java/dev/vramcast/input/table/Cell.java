package dev.vramcast.input.table;

/**
 * A piece of text and where it stands in its file.
 *
 * @param line from 1
 * @param column of the first character, from 1
 */
public record Cell(String text, int line, int column) {}
