/** Writes the sources of the page that say what the program knows already. */
package dev.vramcast.answers.page;
