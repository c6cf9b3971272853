/** Answers over two streams, for a program that starts this one. */
@NullMarked
package dev.vramcast.server.lines;

import org.jspecify.annotations.NullMarked;
