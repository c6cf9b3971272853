/** How long the examples of a data set are, in tokens, and what that makes of batches of them. */
@NullMarked
package dev.vramcast.core.data;

import org.jspecify.annotations.NullMarked;
