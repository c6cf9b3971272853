/**
 * A job's life as a list of episodes, and an episode as a list of passes: what is written to
 * traces, timed and paid for.
 */
@NullMarked
package dev.vramcast.core.run.episode;

import org.jspecify.annotations.NullMarked;
