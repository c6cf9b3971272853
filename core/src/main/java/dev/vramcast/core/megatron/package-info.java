/**
 * Training steps of Megatron-Core 0.16 with TransformerEngine 2: its own modules, parameters and
 * main gradients in flat buffers, an optimizer that is divided among data-parallel ranks, and
 * pipeline stages.
 */
@NullMarked
package dev.vramcast.core.megatron;

import org.jspecify.annotations.NullMarked;
