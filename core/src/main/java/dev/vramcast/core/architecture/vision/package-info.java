/** What a vision tower runs when images are given: patches, layers and projector. */
@NullMarked
package dev.vramcast.core.architecture.vision;

import org.jspecify.annotations.NullMarked;
