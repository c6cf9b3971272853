/** A model of PyTorch's caching allocator, through which a trace is replayed. */
package dev.vramcast.core.allocator;
