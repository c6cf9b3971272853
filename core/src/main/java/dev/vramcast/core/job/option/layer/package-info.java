/** Which layers a setting is about. */
@NullMarked
package dev.vramcast.core.job.option.layer;

import org.jspecify.annotations.NullMarked;
