/** The HTTP API, its description, and the page's files. */
package dev.vramcast.server;
