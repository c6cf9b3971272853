/** The layers of Megatron-Core, and what one rank holds of them. */
@NullMarked
package dev.vramcast.core.megatron.layer;

import org.jspecify.annotations.NullMarked;
