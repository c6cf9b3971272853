/**
 * Links lambdas and records when the program is built, so that it need not when it starts: Java's
 * own classes for them are made, or found in an archive, through some hundred method handles.
 */
@NullMarked
package dev.vramcast.linker;

import org.jspecify.annotations.NullMarked;
