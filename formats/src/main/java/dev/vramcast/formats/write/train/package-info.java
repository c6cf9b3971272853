/** Writers of the training files of other frameworks. */
@NullMarked
package dev.vramcast.formats.write.train;

import org.jspecify.annotations.NullMarked;
