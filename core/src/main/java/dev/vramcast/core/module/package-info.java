/** The model as modules: embedding, layers and head, put together from the parts below. */
@NullMarked
package dev.vramcast.core.module;

import org.jspecify.annotations.NullMarked;
