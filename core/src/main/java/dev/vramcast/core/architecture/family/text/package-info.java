/** Families of decoder-only language models that follow Llama. */
package dev.vramcast.core.architecture.family.text;
