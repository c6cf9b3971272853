/** The HTTP API, its description, and the page's files. */
@NullMarked
package dev.vramcast.server;

import org.jspecify.annotations.NullMarked;
