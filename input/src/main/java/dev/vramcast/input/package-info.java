/**
 * Texts from elsewhere, which may be hostile: everything that is read of files, requests and
 * messages is bounded here in size, depth, numbers, names and growth, refused where it says a thing
 * twice, and decoded strictly. What is wrong is said as an error with its place.
 */
@NullMarked
package dev.vramcast.input;

import org.jspecify.annotations.NullMarked;
