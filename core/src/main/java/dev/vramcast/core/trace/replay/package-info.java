/** Two steps of a trace, played through the model of the caching allocator. */
@NullMarked
package dev.vramcast.core.trace.replay;

import org.jspecify.annotations.NullMarked;
