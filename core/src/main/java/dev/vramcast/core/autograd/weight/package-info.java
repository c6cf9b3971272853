/** Weights made for a pass, of adapters or stored bits, and products with frozen ones. */
@NullMarked
package dev.vramcast.core.autograd.weight;

import org.jspecify.annotations.NullMarked;
