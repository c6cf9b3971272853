/** Where a command prints, and what it returns. */
package dev.vramcast.cli.console;
