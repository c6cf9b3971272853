package dev.vramcast.formats.snapshot;

import java.util.List;

/**
 * Memory that was given out.
 *
 * @param bytes as the allocator counts them
 * @param frames of the stack that asked for it, the innermost first; empty when not recorded
 */
record Block(long bytes, List<?> frames) {}
