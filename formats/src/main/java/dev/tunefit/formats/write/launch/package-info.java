/** Writers of files that start a training file on rented or shared machines. */
package dev.tunefit.formats.write.launch;
