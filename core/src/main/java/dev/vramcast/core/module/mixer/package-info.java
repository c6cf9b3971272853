/** Attention and what stands in its place: state spaces, delta rules, convolutions. */
@NullMarked
package dev.vramcast.core.module.mixer;

import org.jspecify.annotations.NullMarked;
