/** The settings that a plan may change, and in what order they are tried. */
@NullMarked
package dev.vramcast.core.plan.setting;

import org.jspecify.annotations.NullMarked;
