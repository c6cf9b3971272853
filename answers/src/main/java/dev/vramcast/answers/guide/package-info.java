/** The memory table of a fine-tuning guide, judged by its own rule of thumb and by the trace. */
package dev.vramcast.answers.guide;
