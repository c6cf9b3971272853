/** A vision tower and its projector as modules. */
@NullMarked
package dev.vramcast.core.module.vision;

import org.jspecify.annotations.NullMarked;
