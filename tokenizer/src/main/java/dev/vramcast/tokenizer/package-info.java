/** Counts tokens by Hugging Face tokenizers, through the library that training frameworks use. */
@NullMarked
package dev.vramcast.tokenizer;

import org.jspecify.annotations.NullMarked;
