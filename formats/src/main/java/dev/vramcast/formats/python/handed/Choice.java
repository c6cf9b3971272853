package dev.vramcast.formats.python.handed;

/**
 * What {@code a if condition else b} is where the condition is not known: the first of both, which
 * is what most programs write for a GPU that is large and new enough.
 *
 * @param value of the first
 * @param condition as the program has it
 */
public record Choice(Object value, String condition) {}
