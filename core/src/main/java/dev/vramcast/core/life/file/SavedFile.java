package dev.vramcast.core.life.file;

/**
 * A file, or a folder of files that every rank writes into.
 *
 * @param name in the folder of the checkpoint
 * @param holds what is in it, in a few words
 */
public record SavedFile(String name, String holds, long bytes) {}
