/** Families of before Llama, and encoders. */
@NullMarked
package dev.vramcast.core.architecture.family.gpt;

import org.jspecify.annotations.NullMarked;
