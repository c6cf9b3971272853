/** Recurrences over tokens that one function runs. */
@NullMarked
package dev.vramcast.core.autograd.scan;

import org.jspecify.annotations.NullMarked;
