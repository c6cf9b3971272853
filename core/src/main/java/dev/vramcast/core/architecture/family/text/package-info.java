/** Families of decoder-only language models that follow Llama. */
@NullMarked
package dev.vramcast.core.architecture.family.text;

import org.jspecify.annotations.NullMarked;
