/** The file in which a user's corrections are kept, which people may edit. */
@NullMarked
package dev.vramcast.formats.correction;

import org.jspecify.annotations.NullMarked;
