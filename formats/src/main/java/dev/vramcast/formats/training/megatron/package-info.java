/** Megatron-LM: the options of {@code pretrain_gpt.py}. */
@NullMarked
package dev.vramcast.formats.training.megatron;

import org.jspecify.annotations.NullMarked;
