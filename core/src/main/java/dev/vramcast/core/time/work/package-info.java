/** How much there is to do: operations and bytes of a model, tokens of a data set. */
@NullMarked
package dev.vramcast.core.time.work;

import org.jspecify.annotations.NullMarked;
