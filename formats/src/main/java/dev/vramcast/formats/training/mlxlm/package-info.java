/** mlx-lm's files. */
@NullMarked
package dev.vramcast.formats.training.mlxlm;

import org.jspecify.annotations.NullMarked;
