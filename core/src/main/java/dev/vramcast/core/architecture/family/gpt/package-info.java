/** Families of before Llama, and encoders. */
package dev.vramcast.core.architecture.family.gpt;
