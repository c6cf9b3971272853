/** Towers of models' own code that see each image in the size that it has, one by one. */
@NullMarked
package dev.vramcast.core.architecture.family.vision.sized;

import org.jspecify.annotations.NullMarked;
