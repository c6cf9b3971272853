/** The layers of Megatron-Core, and what one rank holds of them. */
package dev.vramcast.core.megatron.layer;
