/**
 * The modules of a model, transcribed from the modeling code that runs them, so that their forward
 * and backward pass can be written onto a trace.
 */
package dev.vramcast.core.step;
