/** The operations as tools of the Model Context Protocol, over whatever carries its messages. */
@NullMarked
package dev.vramcast.server.mcp;

import org.jspecify.annotations.NullMarked;
