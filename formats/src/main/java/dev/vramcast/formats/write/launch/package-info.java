/** Writers of files that start a training file on rented or shared machines. */
package dev.vramcast.formats.write.launch;
