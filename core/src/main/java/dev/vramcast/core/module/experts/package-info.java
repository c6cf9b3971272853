/** Mixtures of experts: routers, and the ways to run experts. */
@NullMarked
package dev.vramcast.core.module.experts;

import org.jspecify.annotations.NullMarked;
