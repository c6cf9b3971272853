/** Arguments of the command line, and what is made of them. */
package dev.vramcast.cli.option;
