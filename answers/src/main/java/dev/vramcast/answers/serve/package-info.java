/** What a program that offers {@code vramcast serve} has to know of the server. */
package dev.vramcast.answers.serve;
