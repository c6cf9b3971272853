/** A model of PyTorch's caching allocator, through which a trace is replayed. */
@NullMarked
package dev.vramcast.core.allocator;

import org.jspecify.annotations.NullMarked;
