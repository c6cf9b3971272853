/** The search over machines and settings, nearest to the best first. */
@NullMarked
package dev.vramcast.core.plan.search;

import org.jspecify.annotations.NullMarked;
