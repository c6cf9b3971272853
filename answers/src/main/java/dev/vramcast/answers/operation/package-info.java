/** What can be asked, under which names, by whoever asks: a command line, a server, a program. */
package dev.vramcast.answers.operation;
