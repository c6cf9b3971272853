/** Strict and bounded reading of JSON from files and from the network. */
@NullMarked
package dev.vramcast.input.json;

import org.jspecify.annotations.NullMarked;
