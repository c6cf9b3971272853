/** What a stage of training asks of a job: its objective, and what of it is refused or unknown. */
@NullMarked
package dev.vramcast.core.job.resolve.stage;

import org.jspecify.annotations.NullMarked;
