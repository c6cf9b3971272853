/** prime-rl's files. */
@NullMarked
package dev.vramcast.formats.training.primerl;

import org.jspecify.annotations.NullMarked;
