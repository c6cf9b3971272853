/**
 * Where models come from: a path, the embedded catalogue, the Hugging Face cache on disk, or the
 * Hub.
 */
@NullMarked
package dev.vramcast.catalog.source;

import org.jspecify.annotations.NullMarked;
