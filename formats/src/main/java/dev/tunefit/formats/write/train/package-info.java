/** Writers of the training files of other frameworks. */
package dev.tunefit.formats.write.train;
