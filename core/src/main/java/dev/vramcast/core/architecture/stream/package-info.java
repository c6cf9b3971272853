/** Several streams of hidden states beside each other, and what mixes them. */
@NullMarked
package dev.vramcast.core.architecture.stream;

import org.jspecify.annotations.NullMarked;
