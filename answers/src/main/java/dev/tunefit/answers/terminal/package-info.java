/** Tables, bars and colours for a terminal, or plain text where there is none. */
package dev.tunefit.answers.terminal;
