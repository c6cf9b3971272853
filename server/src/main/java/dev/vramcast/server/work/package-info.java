/** The work of a request: its limits, and what is said when it cannot be done. */
@NullMarked
package dev.vramcast.server.work;

import org.jspecify.annotations.NullMarked;
