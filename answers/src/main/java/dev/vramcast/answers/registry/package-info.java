/** All operations there are. */
@NullMarked
package dev.vramcast.answers.registry;

import org.jspecify.annotations.NullMarked;
