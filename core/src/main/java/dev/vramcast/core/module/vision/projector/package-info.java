/** What makes tokens of the language model of a vision tower's states. */
@NullMarked
package dev.vramcast.core.module.vision.projector;

import org.jspecify.annotations.NullMarked;
