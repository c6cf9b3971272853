/** Reads Unsloth's notebooks and scripts: the arguments of calls that are known. */
@NullMarked
package dev.vramcast.formats.training.unsloth;

import org.jspecify.annotations.NullMarked;
