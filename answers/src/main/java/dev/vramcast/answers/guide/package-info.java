/** The memory table of a fine-tuning guide, judged by its own rule of thumb and by the tape. */
package dev.vramcast.answers.guide;
