/** Corrections that a user saved, and what they do to an answer. */
package dev.vramcast.answers.correction;
