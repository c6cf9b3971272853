/** What formats of reinforcement learning have in common. */
@NullMarked
package dev.vramcast.formats.training.rl;

import org.jspecify.annotations.NullMarked;
