/** Reads the commands of shell scripts as text, within bounds; nothing is run. */
package dev.vramcast.formats.shell;
