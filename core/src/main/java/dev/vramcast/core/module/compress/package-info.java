/** Modules that make one key and value of several tokens, and choose among these. */
@NullMarked
package dev.vramcast.core.module.compress;

import org.jspecify.annotations.NullMarked;
