/** Operations: what each allocates, saves for the backward pass and frees. */
package dev.vramcast.core.autograd.op;
