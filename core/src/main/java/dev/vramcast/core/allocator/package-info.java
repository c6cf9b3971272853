/** A model of PyTorch's caching allocator, through which a tape is replayed. */
package dev.vramcast.core.allocator;
