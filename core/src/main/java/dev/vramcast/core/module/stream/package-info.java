/** Modules that mix several streams of hidden states. */
@NullMarked
package dev.vramcast.core.module.stream;

import org.jspecify.annotations.NullMarked;
