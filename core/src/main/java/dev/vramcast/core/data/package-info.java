/** How long the examples of a data set are, in tokens, and what that makes of batches of them. */
package dev.vramcast.core.data;
