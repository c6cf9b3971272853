/** The memory table of a fine-tuning guide, judged by its own rule of thumb and by the trace. */
@NullMarked
package dev.vramcast.answers.guide;

import org.jspecify.annotations.NullMarked;
