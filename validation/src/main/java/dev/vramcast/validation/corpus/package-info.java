/** What becomes of training files that others wrote, file by file. */
@NullMarked
package dev.vramcast.validation.corpus;

import org.jspecify.annotations.NullMarked;
