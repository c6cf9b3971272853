/** Writers of files that start a training file on rented or shared machines. */
@NullMarked
package dev.vramcast.formats.write.launch;

import org.jspecify.annotations.NullMarked;
