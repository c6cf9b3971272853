/** Operations for those who give fields and not options: a JSON object, or an address. */
@NullMarked
package dev.vramcast.answers.fields;

import org.jspecify.annotations.NullMarked;
