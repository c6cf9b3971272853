/** The passes of stages that are not supervised: of pairs, of completions, of vectors. */
@NullMarked
package dev.vramcast.core.run.stage;

import org.jspecify.annotations.NullMarked;
