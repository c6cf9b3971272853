/** PEFT's adapters on linear layers other than LoRA, each a folder of {@code peft/tuners}. */
@NullMarked
package dev.vramcast.core.module.linear.tuner;

import org.jspecify.annotations.NullMarked;
