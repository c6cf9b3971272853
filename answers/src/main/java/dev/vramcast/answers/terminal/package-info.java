/** Tables, bars and colours for a terminal, or plain text where there is none. */
@NullMarked
package dev.vramcast.answers.terminal;

import org.jspecify.annotations.NullMarked;
