/** Files that a run writes, by the formats that they are written in. */
@NullMarked
package dev.vramcast.core.life.file;

import org.jspecify.annotations.NullMarked;
