/** Files and streams as bytes, texts and lines of a size that cannot hurt. */
@NullMarked
package dev.vramcast.input.text;

import org.jspecify.annotations.NullMarked;
