/**
 * The modules of a model, transcribed from the modeling code that runs them, so that their forward
 * and backward pass can be written onto a trace.
 */
@NullMarked
package dev.vramcast.core.step;

import org.jspecify.annotations.NullMarked;
