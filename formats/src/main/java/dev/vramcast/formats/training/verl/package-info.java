/** verl's configuration. */
@NullMarked
package dev.vramcast.formats.training.verl;

import org.jspecify.annotations.NullMarked;
