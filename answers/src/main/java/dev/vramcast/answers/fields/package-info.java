/** Operations for those who give fields and not options: a JSON object, or an address. */
package dev.vramcast.answers.fields;
