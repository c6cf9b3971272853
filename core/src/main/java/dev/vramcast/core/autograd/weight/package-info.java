/** Weights that adapters make for a pass, and products with weights that are frozen. */
@NullMarked
package dev.vramcast.core.autograd.weight;

import org.jspecify.annotations.NullMarked;
