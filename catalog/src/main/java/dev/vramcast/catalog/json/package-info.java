/** Strict and bounded reading of JSON from files and from the network. */
@NullMarked
package dev.vramcast.catalog.json;

import org.jspecify.annotations.NullMarked;
