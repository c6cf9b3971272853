/** A user's own run beside its estimate: question, answer, text. */
package dev.vramcast.answers.calibrate;
