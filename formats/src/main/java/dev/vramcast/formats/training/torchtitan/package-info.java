/** torchtitan's files. */
@NullMarked
package dev.vramcast.formats.training.torchtitan;

import org.jspecify.annotations.NullMarked;
