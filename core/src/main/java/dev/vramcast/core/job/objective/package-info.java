/** What a step optimises: a stage of training with its own settings. */
@NullMarked
package dev.vramcast.core.job.objective;

import org.jspecify.annotations.NullMarked;
