/** Families whose layers are not all attention: Mamba, delta rules, convolutions. */
@NullMarked
package dev.vramcast.core.architecture.family.hybrid;

import org.jspecify.annotations.NullMarked;
