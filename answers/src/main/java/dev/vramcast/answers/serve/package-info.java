/** What a program that offers {@code vramcast serve} has to know of the server. */
@NullMarked
package dev.vramcast.answers.serve;

import org.jspecify.annotations.NullMarked;
