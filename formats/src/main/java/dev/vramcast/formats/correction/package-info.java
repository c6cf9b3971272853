/** The file in which a user's corrections are kept, which people may edit. */
package dev.vramcast.formats.correction;
