/** JSON schemas of what is asked and answered, for programs that read them before they ask. */
package dev.vramcast.answers.schema;
