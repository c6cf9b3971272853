/** What the commands print: the same answer as a table or as JSON. */
package dev.vramcast.answers.report;
