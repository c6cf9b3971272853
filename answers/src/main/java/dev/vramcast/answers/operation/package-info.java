/** What can be asked, under which names, by whoever asks: a command line, a server, a program. */
@NullMarked
package dev.vramcast.answers.operation;

import org.jspecify.annotations.NullMarked;
