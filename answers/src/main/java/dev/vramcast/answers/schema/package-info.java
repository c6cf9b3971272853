/** JSON schemas of what is asked and answered, for programs that read them before they ask. */
@NullMarked
package dev.vramcast.answers.schema;

import org.jspecify.annotations.NullMarked;
