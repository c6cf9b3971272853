/** Counts tokens by Hugging Face tokenizers, through the library that training frameworks use. */
package dev.vramcast.tokenizer;
