/** Tables of text that users bring, bounded and with the place of every cell. */
package dev.vramcast.catalog.table;
