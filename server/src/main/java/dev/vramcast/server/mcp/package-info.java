/** The operations as tools of the Model Context Protocol, over whatever carries its messages. */
package dev.vramcast.server.mcp;
