/** The modules in which each token looks at others: projections, rotation, kernel. */
@NullMarked
package dev.vramcast.core.module.attention;

import org.jspecify.annotations.NullMarked;
