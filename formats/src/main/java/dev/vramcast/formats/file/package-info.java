/** Files that are written whole or not at all. */
package dev.vramcast.formats.file;
