/** OpenRLHF's commands. */
@NullMarked
package dev.vramcast.formats.training.openrlhf;

import org.jspecify.annotations.NullMarked;
