/** Makes ranges from the errors on cases, and counts the truths that lie in them. */
@NullMarked
package dev.vramcast.validation.range;

import org.jspecify.annotations.NullMarked;
