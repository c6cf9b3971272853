/** What mixes tokens in a layer: attention and what stands in its place. */
@NullMarked
package dev.vramcast.core.architecture.mixer;

import org.jspecify.annotations.NullMarked;
