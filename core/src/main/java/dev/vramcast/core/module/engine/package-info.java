/**
 * TransformerEngine's linears that compute in few bits: in the place of a model's own, as
 * accelerate puts them there, and with a norm before them, as Megatron-Core builds its layers.
 */
@NullMarked
package dev.vramcast.core.module.engine;

import org.jspecify.annotations.NullMarked;
