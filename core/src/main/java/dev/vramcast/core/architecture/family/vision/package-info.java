/** Towers that turn images and sound into tokens. */
@NullMarked
package dev.vramcast.core.architecture.family.vision;

import org.jspecify.annotations.NullMarked;
