package dev.vramcast.core.job.code;

/**
 * One thing that a framework's code does, and where.
 *
 * @param name of the fact, e.g. {@code attention.expands_heads}
 * @param value e.g. {@code true}
 * @param place the framework and the file, with the function where one decides
 */
public record CodeFact(String name, Object value, String place) {}
