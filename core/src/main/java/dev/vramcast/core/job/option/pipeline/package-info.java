/** How the ranks of a pipeline share layers and take turns. */
@NullMarked
package dev.vramcast.core.job.option.pipeline;

import org.jspecify.annotations.NullMarked;
