/** Arguments of the command line, and what is made of them. */
@NullMarked
package dev.vramcast.cli.option;

import org.jspecify.annotations.NullMarked;
