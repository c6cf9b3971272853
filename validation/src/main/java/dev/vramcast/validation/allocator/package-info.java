/**
 * Holds the model of PyTorch's caching allocator against the allocator itself, and fast replays to
 * it.
 */
@NullMarked
package dev.vramcast.validation.allocator;

import org.jspecify.annotations.NullMarked;
