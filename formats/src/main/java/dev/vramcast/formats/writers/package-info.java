/** All writers of files for other programs, and which of them a user asked for. */
package dev.vramcast.formats.writers;
