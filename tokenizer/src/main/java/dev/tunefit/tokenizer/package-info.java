/** Counts tokens by a Hugging Face tokenizer, through the library that trains with it use. */
package dev.tunefit.tokenizer;
