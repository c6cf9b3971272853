/** Where a command prints, and what it returns. */
@NullMarked
package dev.vramcast.cli.console;

import org.jspecify.annotations.NullMarked;
