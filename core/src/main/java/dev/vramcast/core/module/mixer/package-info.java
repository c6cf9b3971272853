/** Attention and what stands in its place: state spaces, delta rules, convolutions. */
package dev.vramcast.core.module.mixer;
