/** Encoders of sound. */
@NullMarked
package dev.vramcast.core.architecture.family.sound;

import org.jspecify.annotations.NullMarked;
