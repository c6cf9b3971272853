/** Modules of a program's own, which lie beside it, and what it takes of them. */
@NullMarked
package dev.vramcast.formats.training.imports;

import org.jspecify.annotations.NullMarked;
