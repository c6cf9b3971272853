/** Which layers a setting is about, and how the ranks of a pipeline share them. */
@NullMarked
package dev.vramcast.core.job.option.layer;

import org.jspecify.annotations.NullMarked;
