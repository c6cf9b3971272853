package dev.vramcast.core.trace;

import dev.vramcast.core.run.episode.Episode;

/**
 * The highest running sum while an episode runs.
 *
 * @param bytes given out by PyTorch's allocator
 * @param phase the first phase in which so many are
 */
public record EpisodePeak(Episode episode, long bytes, Phase phase) {}
