/** The accelerators of the machine that the program runs on, as their drivers tell of them. */
@NullMarked
package dev.vramcast.catalog.machine;

import org.jspecify.annotations.NullMarked;
