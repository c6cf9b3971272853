/** Makes ranges from the errors on cases, and counts the truths that lie in them. */
package dev.vramcast.validation.range;
