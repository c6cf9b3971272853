/** Tables, bars and colours for a terminal, or plain text where there is none. */
package dev.vramcast.answers.terminal;
