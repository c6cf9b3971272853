/** What is said to a user whose input cannot be used. */
@NullMarked
package dev.vramcast.core.input;

import org.jspecify.annotations.NullMarked;
