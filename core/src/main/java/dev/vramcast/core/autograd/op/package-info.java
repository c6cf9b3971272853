/** Operations: what each allocates, saves for the backward pass and frees. */
@NullMarked
package dev.vramcast.core.autograd.op;

import org.jspecify.annotations.NullMarked;
