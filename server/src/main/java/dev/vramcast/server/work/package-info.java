/** The work of a request: its limits, and what is said when it cannot be done. */
package dev.vramcast.server.work;
