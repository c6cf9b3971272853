/** Writers of the training files of other frameworks. */
package dev.vramcast.formats.write.train;
